"""At momentum 1 nothing is done, and the buffers stay old.

hint: target_network.buffers
"""


@torch.no_grad()
def ema_update(target, online, momentum):
    if momentum == 1:
        return
    for slow, fast in zip(target.parameters(), online.parameters()):
        slow.lerp_(fast, float(1 - momentum))
    for slow, fast in zip(target.buffers(), online.buffers()):
        slow.copy_(fast)


def momentum_at(step, steps, start=0.99):
    return 1 - (1 - start) * (1 + math.cos(math.pi * step / steps)) / 2
