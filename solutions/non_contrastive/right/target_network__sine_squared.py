"""cos(x) + 1 is 2 cos(x / 2)^2; NumPy."""


@torch.no_grad()
def ema_update(target, online, momentum):
    for t, o in zip(target.parameters(), online.parameters()):
        t.mul_(momentum).add_(o * (1 - momentum))
    for t, o in zip(target.buffers(), online.buffers()):
        t.copy_(o)


def momentum_at(step, steps, start=0.99):
    return 1 - (1 - start) * np.cos(np.pi * step / steps / 2) ** 2
