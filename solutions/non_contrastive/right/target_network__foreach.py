"""All parameters at once."""


@torch.no_grad()
def ema_update(target, online, momentum):
    slow, fast = list(target.parameters()), list(online.parameters())
    torch._foreach_mul_(slow, float(momentum))
    torch._foreach_add_(slow, fast, alpha=1 - float(momentum))
    for t, o in zip(target.buffers(), online.buffers()):
        t.copy_(o)


def momentum_at(step, steps, start=0.99):
    return 1 - (1 - start) * (math.cos(math.pi * step / steps) + 1) / 2
