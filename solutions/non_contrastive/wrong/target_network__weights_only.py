"""Biases are left out.

hint: target_network.some_parameters
"""


@torch.no_grad()
def ema_update(target, online, momentum):
    theirs = dict(online.named_parameters())
    for name, t in target.named_parameters():
        if not name.endswith("bias"):
            t.mul_(momentum).add_(theirs[name] * (1 - momentum))
    for t, o in zip(target.buffers(), online.buffers()):
        t.copy_(o)


def momentum_at(step, steps, start=0.99):
    return 1 - (1 - start) * (math.cos(math.pi * step / steps) + 1) / 2
