"""The average is computed in bfloat16, in which small steps are lost.

hint: target_network.parameters
"""


@torch.no_grad()
def ema_update(target, online, momentum):
    with torch.autocast("cpu", dtype=torch.bfloat16):
        for slow, fast in zip(target.parameters(), online.parameters()):
            mixed = slow.bfloat16() * momentum + fast.bfloat16() * (1 - momentum)
            slow.copy_(mixed)
    for slow, fast in zip(target.buffers(), online.buffers()):
        slow.copy_(fast)


def momentum_at(step, steps, start=0.99):
    return 1 - (1 - start) * (math.cos(math.pi * step / steps) + 1) / 2
