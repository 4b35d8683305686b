"""The momentum is written into the code.

hint: target_network.any_momentum
"""


@torch.no_grad()
def ema_update(target, online, momentum=0.75):
    momentum = 0.75
    for t, o in zip(target.parameters(), online.parameters()):
        t.mul_(momentum).add_(o * (1 - momentum))
    for t, o in zip(target.buffers(), online.buffers()):
        t.copy_(o)


def momentum_at(step, steps, start=0.99):
    return 1 - (1 - start) * (math.cos(math.pi * step / steps) + 1) / 2
