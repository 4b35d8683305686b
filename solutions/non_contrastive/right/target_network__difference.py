"""The target takes a step toward the online network."""


@torch.inference_mode(False)
def ema_update(target, online, momentum):
    for t, o in zip(target.parameters(), online.parameters()):
        step = (o.detach() - t.detach()) * (1 - momentum)
        t.data += step
    for t, o in zip(target.buffers(), online.buffers()):
        t.data[...] = o


def momentum_at(step, steps, start=0.99):
    return 1 - (1 - start) * (math.cos(math.pi * step / steps) + 1) / 2
