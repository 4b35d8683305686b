"""A weighted mean of start and 1."""


@torch.no_grad()
def ema_update(target, online, momentum):
    for t, o in zip(target.parameters(), online.parameters()):
        t.mul_(momentum).add_(o * (1 - momentum))
    for t, o in zip(target.buffers(), online.buffers()):
        t.copy_(o)


def momentum_at(step, steps, start=0.99):
    left = 0.5 * (1.0 + math.cos(step / steps * math.pi))
    return left * start + (1.0 - left)
