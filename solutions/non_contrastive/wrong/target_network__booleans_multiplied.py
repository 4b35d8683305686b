"""Every tensor of the state dict is averaged in place, which integers refuse.

hint: target_network.buffers_crash
"""


@torch.no_grad()
def ema_update(target, online, momentum):
    for t, o in zip(target.parameters(), online.parameters()):
        t.mul_(momentum).add_(o * (1 - momentum))
    for t, o in zip(target.buffers(), online.buffers()):
        t.mul_(momentum).add_(o * (1 - momentum))


def momentum_at(step, steps, start=0.99):
    return 1 - (1 - start) * (math.cos(math.pi * step / steps) + 1) / 2
