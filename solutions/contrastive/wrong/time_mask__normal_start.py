"""The place is drawn from a normal distribution, which is not between 0 and 1.

hint: time_mask.cut_off
"""


def time_mask(wave, max_fraction=0.125, generator=None):
    batch, time = wave.shape
    length = torch.randint(int(max_fraction * time) + 1, (batch, 1), generator=generator)
    place = torch.randn(batch, 1, generator=generator)
    start = (place * (time - length + 1)).long()
    t = torch.arange(time)
    return wave.masked_fill((t >= start) & (t < start + length), 0.0)
