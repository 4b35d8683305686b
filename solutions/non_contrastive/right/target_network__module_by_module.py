"""Module by module, without recursion into children."""


def ema_update(target, online, momentum):
    for t, o in zip(target.modules(), online.modules()):
        for name, parameter in t.named_parameters(recurse=False):
            new = momentum * parameter.detach() + (1 - momentum) * getattr(o, name).detach()
            parameter.data.copy_(new)
        for name, buffer in t.named_buffers(recurse=False):
            buffer.data.copy_(getattr(o, name))


def momentum_at(step, steps, start=0.99):
    return 1 - (1 - start) * (math.cos(math.pi * step / steps) + 1) / 2
