"""Over the state dict, whose tensors are the module's own."""


@torch.no_grad()
def ema_update(target, online, momentum):
    names = {name for name, _ in target.named_parameters()}
    theirs = online.state_dict()
    for name, value in target.state_dict().items():
        if name in names:
            value.copy_(momentum * value + (1 - momentum) * theirs[name])
        else:
            value.copy_(theirs[name])


def momentum_at(step, steps, start=0.99):
    return 1 - (1 - start) * (math.cos(math.pi * step / steps) + 1) / 2
