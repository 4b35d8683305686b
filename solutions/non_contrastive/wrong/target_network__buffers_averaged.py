"""Buffers are averaged like parameters, as far as they can be.

hint: target_network.buffers
"""


@torch.no_grad()
def ema_update(target, online, momentum):
    mine, theirs = target.state_dict(), online.state_dict()
    for name, value in mine.items():
        if value.is_floating_point():
            value.copy_(momentum * value + (1 - momentum) * theirs[name])
        else:
            value.copy_(theirs[name])


def momentum_at(step, steps, start=0.99):
    return 1 - (1 - start) * (math.cos(math.pi * step / steps) + 1) / 2
