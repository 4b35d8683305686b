"""masked_fill returns a new tensor, which is thrown away.
hint: time_mask.unchanged
"""


def time_mask(wave, max_fraction=0.125, generator=None):
    batch, time = wave.shape
    length = torch.randint(0, int(max_fraction * time) + 1, (batch, 1), generator=generator)
    start = (torch.rand(batch, 1, generator=generator) * (time - length + 1)).long()
    t = torch.arange(time)
    wave.masked_fill((t >= start) & (t < start + length), 0)
    return wave
