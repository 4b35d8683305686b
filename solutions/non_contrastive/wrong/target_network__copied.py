"""The online network is copied whole.

hint: target_network.copied
"""


@torch.no_grad()
def ema_update(target, online, momentum):
    target.load_state_dict(online.state_dict())


def momentum_at(step, steps, start=0.99):
    return 1 - (1 - start) * (math.cos(math.pi * step / steps) + 1) / 2
