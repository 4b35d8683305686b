"""Only buffers of floating point are copied.

hint: target_network.buffers_left_out
"""


@torch.no_grad()
def ema_update(target, online, momentum):
    for t, o in zip(target.parameters(), online.parameters()):
        t.mul_(momentum).add_(o * (1 - momentum))
    for t, o in zip(target.buffers(), online.buffers()):
        if t.is_floating_point():
            t.copy_(o)


def momentum_at(step, steps, start=0.99):
    return 1 - (1 - start) * (math.cos(math.pi * step / steps) + 1) / 2
