"""Masks begin in the first half alone.
hint: time_mask.positions
"""


def time_mask(wave, max_fraction=0.125, generator=None):
    batch, time = wave.shape
    length = torch.randint(0, int(max_fraction * time) + 1, (batch, 1), generator=generator)
    start = torch.randint(0, time // 2, (batch, 1), generator=generator)
    t = torch.arange(time)
    return wave.masked_fill((t >= start) & (t < start + length), 0)
