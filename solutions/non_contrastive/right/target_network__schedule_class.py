"""The schedule is an object that is called; the average goes through torch.lerp with out."""


class HalfCosine:
    def __init__(self, start):
        self.start = start

    def __call__(self, share):
        return 1 - (1 - self.start) * 0.5 * (1 + math.cos(math.pi * share))


@torch.no_grad()
def ema_update(target, online, momentum):
    weight = 1.0 - float(momentum)
    fast = dict(online.named_parameters())
    for name, slow in target.named_parameters():
        torch.lerp(slow.detach(), fast[name].detach(), weight, out=slow.detach())
    for slow, new in zip(target.buffers(), online.buffers()):
        slow.copy_(new)


def momentum_at(step, steps, start=0.99):
    return HalfCosine(start)(step / steps)
