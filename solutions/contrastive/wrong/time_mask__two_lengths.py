"""A mask has the greatest length or none.

hint: time_mask.few_lengths
"""


def time_mask(wave, max_fraction=0.125, generator=None):
    batch, time = wave.shape
    length = torch.randint(2, (batch, 1), generator=generator) * int(max_fraction * time)
    start = (torch.rand(batch, 1, generator=generator) * (time - length + 1)).long()
    t = torch.arange(time)
    return wave.masked_fill((t >= start) & (t < start + length), 0.0)
