"""The lengths are eighths of the greatest one.

hint: time_mask.few_lengths
"""


def time_mask(wave, max_fraction=0.125, generator=None):
    batch, time = wave.shape
    eighths = torch.randint(9, (batch, 1), generator=generator)
    length = eighths * int(max_fraction * time) // 8
    start = (torch.rand(batch, 1, generator=generator) * (time - length + 1)).long()
    t = torch.arange(time)
    return wave.masked_fill((t >= start) & (t < start + length), 0.0)
