"""The online network is moved toward the target.

hint: target_network.online_moved
"""


@torch.no_grad()
def ema_update(target, online, momentum):
    for t, o in zip(target.parameters(), online.parameters()):
        o.mul_(momentum).add_(t * (1 - momentum))
    for t, o in zip(target.buffers(), online.buffers()):
        t.copy_(o)


def momentum_at(step, steps, start=0.99):
    return 1 - (1 - start) * (math.cos(math.pi * step / steps) + 1) / 2
