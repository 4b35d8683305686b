"""Buffers are replaced by clones of the online's.

hint: target_network.new_objects
"""


@torch.no_grad()
def ema_update(target, online, momentum):
    for t, o in zip(target.parameters(), online.parameters()):
        t.mul_(momentum).add_(o * (1 - momentum))
    for t, o in zip(target.modules(), online.modules()):
        for name, buffer in list(o.named_buffers(recurse=False)):
            setattr(t, name, buffer.clone())


def momentum_at(step, steps, start=0.99):
    return 1 - (1 - start) * (math.cos(math.pi * step / steps) + 1) / 2
