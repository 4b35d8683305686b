"""Buffers of the target point to the online's memory.

hint: target_network.shared
"""


def ema_update(target, online, momentum):
    for t, o in zip(target.parameters(), online.parameters()):
        t.data = momentum * t.data + (1 - momentum) * o.data
    for t, o in zip(target.buffers(), online.buffers()):
        t.data = o.data


def momentum_at(step, steps, start=0.99):
    return 1 - (1 - start) * (math.cos(math.pi * step / steps) + 1) / 2
