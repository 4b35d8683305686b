"""The momentum weighs the online network.

hint: target_network.momentum_swapped
"""


@torch.no_grad()
def ema_update(target, online, momentum):
    for t, o in zip(target.parameters(), online.parameters()):
        t.mul_(1 - momentum).add_(o * momentum)
    for t, o in zip(target.buffers(), online.buffers()):
        t.copy_(o)


def momentum_at(step, steps, start=0.99):
    return 1 - (1 - start) * (math.cos(math.pi * step / steps) + 1) / 2
