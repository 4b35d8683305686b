"""A momentum that is a tensor is refused.

hint: target_network.any_momentum
"""


@torch.no_grad()
def ema_update(target, online, momentum):
    for t, o in zip(target.parameters(), online.parameters()):
        t.mul_(momentum).add_(o, alpha=1.0 - momentum.real if isinstance(momentum, float) else None)
    for t, o in zip(target.buffers(), online.buffers()):
        t.copy_(o)


def momentum_at(step, steps, start=0.99):
    return 1 - (1 - start) * (math.cos(math.pi * step / steps) + 1) / 2
