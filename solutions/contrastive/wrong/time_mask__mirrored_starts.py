"""The second half of the batch gets the starts of the first half, mirrored.

hint: time_mask.repeated
"""


def time_mask(wave, max_fraction=0.125, generator=None):
    batch, time = wave.shape
    length = torch.randint(int(max_fraction * time) + 1, (batch, 1), generator=generator)
    place = torch.rand((batch + 1) // 2, 1, generator=generator)
    place = torch.cat([place, 1 - place])[:batch]
    start = (place * (time - length)).round().long()
    t = torch.arange(time)
    return wave.masked_fill((t >= start) & (t < start + length), 0.0)
