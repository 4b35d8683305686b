"""A new state dict is loaded, which copies into the tensors that are there."""


@torch.no_grad()
def ema_update(target, online, momentum):
    trained = dict(target.named_parameters())
    state = {
        name: momentum * trained[name] + (1 - momentum) * value if name in trained else value
        for name, value in online.state_dict().items()
    }
    target.load_state_dict(state)


def momentum_at(step, steps, start=0.99):
    return 1 - (1 - start) * (math.cos(math.pi * step / steps) + 1) / 2
