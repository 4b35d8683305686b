"""The schedule in torch: a scalar tensor."""


@torch.no_grad()
def ema_update(target, online, momentum):
    for t, o in zip(target.parameters(), online.parameters()):
        t.mul_(momentum).add_(o * (1 - momentum))
    for t, o in zip(target.buffers(), online.buffers()):
        t.copy_(o)


def momentum_at(step, steps, start=0.99):
    way = torch.tensor(math.pi * step / steps, dtype=torch.float64)
    return 1 - (1 - start) * 0.5 * (1 + torch.cos(way))
