"""Partners are found by name."""


@torch.no_grad()
def ema_update(target, online, momentum):
    online_parameters = dict(online.named_parameters())
    online_buffers = dict(online.named_buffers())
    for name, parameter in target.named_parameters():
        parameter.copy_(momentum * parameter + (1 - momentum) * online_parameters[name])
    for name, buffer in target.named_buffers():
        buffer.copy_(online_buffers[name])


def momentum_at(step, steps, start=0.99):
    return 1 - (1 - start) * (math.cos(math.pi * step / steps) + 1) / 2
