"""A learning rate's schedule: down to 0.

hint: target_network.down
"""


@torch.no_grad()
def ema_update(target, online, momentum):
    for t, o in zip(target.parameters(), online.parameters()):
        t.mul_(momentum).add_(o * (1 - momentum))
    for t, o in zip(target.buffers(), online.buffers()):
        t.copy_(o)


def momentum_at(step, steps, start=0.99):
    return start * (1 + math.cos(math.pi * step / steps)) / 2
