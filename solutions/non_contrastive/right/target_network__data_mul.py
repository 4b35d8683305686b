"""data.mul_ and add_ with alpha."""


def ema_update(target, online, momentum):
    m = float(momentum)
    for t, o in zip(target.parameters(), online.parameters()):
        t.data.mul_(m).add_(o.data, alpha=1 - m)
    for t, o in zip(target.buffers(), online.buffers()):
        t.data.copy_(o.data)


def momentum_at(step, steps, start=0.99):
    return 1 - (1 - start) * (math.cos(math.pi * step / steps) + 1) / 2
