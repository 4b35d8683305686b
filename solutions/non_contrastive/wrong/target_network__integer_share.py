"""The share of steps is computed with a whole-number division.

hint: target_network.constant
"""


@torch.no_grad()
def ema_update(target, online, momentum):
    for slow, fast in zip(target.parameters(), online.parameters()):
        slow.mul_(momentum).add_(fast * (1 - momentum))
    for slow, fast in zip(target.buffers(), online.buffers()):
        slow.copy_(fast)


def momentum_at(step, steps, start=0.99):
    return 1 - (1 - start) * (math.cos(math.pi * (step // steps)) + 1) / 2
