"""Two stretches in each clip.
hint: time_mask.scattered
"""


def time_mask(wave, max_fraction=0.125, generator=None):
    batch, time = wave.shape
    out = wave.clone()
    for _ in range(2):
        length = torch.randint(0, int(max_fraction * time / 2) + 1, (batch, 1), generator=generator)
        start = (torch.rand(batch, 1, generator=generator) * (time - length)).long()
        t = torch.arange(time)
        out = out.masked_fill((t >= start) & (t < start + length), 0)
    return out
