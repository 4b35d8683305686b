"""Through .data, as in many repositories."""


def ema_update(target, online, momentum):
    for param_t, param_o in zip(target.parameters(), online.parameters()):
        param_t.data = param_t.data * momentum + param_o.data * (1.0 - momentum)
    for buffer_t, buffer_o in zip(target.buffers(), online.buffers()):
        buffer_t.data = buffer_o.data.clone()


def momentum_at(step, steps, start=0.99):
    return 1 - (1 - start) * (math.cos(math.pi * step / steps) + 1) / 2
