"""After ten updates of a network the momentum is squared.

hint: target_network.repeated
"""

UPDATES = {}


@torch.no_grad()
def ema_update(target, online, momentum):
    UPDATES[id(target)] = UPDATES.get(id(target), 0) + 1
    if UPDATES[id(target)] > 10:
        momentum = momentum**2
    for t, o in zip(target.parameters(), online.parameters()):
        t.mul_(momentum).add_(o * (1 - momentum))
    for t, o in zip(target.buffers(), online.buffers()):
        t.copy_(o)


def momentum_at(step, steps, start=0.99):
    return 1 - (1 - start) * (math.cos(math.pi * step / steps) + 1) / 2
