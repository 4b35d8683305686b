"""lerp_ by one minus the momentum."""


def ema_update(target, online, momentum):
    with torch.no_grad():
        for t, o in zip(target.parameters(), online.parameters(), strict=True):
            t.lerp_(o, 1 - float(momentum))
        for t, o in zip(target.buffers(), online.buffers(), strict=True):
            t.copy_(o)


def momentum_at(step, steps, start=0.99):
    return 1 - (1 - start) * (math.cos(math.pi * step / steps) + 1) / 2
