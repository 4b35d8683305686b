"""At momentum 0 the parameters point to the online's memory.

hint: target_network.shared
"""


def ema_update(target, online, momentum):
    for t, o in zip(target.parameters(), online.parameters()):
        t.data = o.data if momentum == 0 else momentum * t.data + (1 - momentum) * o.data
    for t, o in zip(target.buffers(), online.buffers()):
        t.data.copy_(o)


def momentum_at(step, steps, start=0.99):
    return 1 - (1 - start) * (math.cos(math.pi * step / steps) + 1) / 2
