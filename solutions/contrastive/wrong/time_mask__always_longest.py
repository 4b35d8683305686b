"""Every mask has the greatest length.
hint: time_mask.fixed_length
"""


def time_mask(wave, max_fraction=0.125, generator=None):
    batch, time = wave.shape
    length = int(max_fraction * time)
    start = torch.randint(0, time - length + 1, (batch, 1), generator=generator)
    t = torch.arange(time)
    return wave.masked_fill((t >= start) & (t < start + length), 0)
