"""Parameters are replaced by new ones.

hint: target_network.new_objects
"""


def ema_update(target, online, momentum):
    for t, o in zip(target.modules(), online.modules()):
        for name, parameter in list(t.named_parameters(recurse=False)):
            new = momentum * parameter.detach() + (1 - momentum) * getattr(o, name).detach()
            setattr(t, name, nn.Parameter(new, requires_grad=parameter.requires_grad))
        for name, buffer in t.named_buffers(recurse=False):
            buffer.copy_(getattr(o, name))


def momentum_at(step, steps, start=0.99):
    return 1 - (1 - start) * (math.cos(math.pi * step / steps) + 1) / 2
