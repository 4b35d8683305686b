"""Lengths up to 500 samples at most, whatever the fraction of a long clip is.

hint: time_mask.never_long
"""


def time_mask(wave, max_fraction=0.125, generator=None):
    batch, time = wave.shape
    longest = min(int(max_fraction * time), 500)
    length = torch.randint(0, longest + 1, (batch, 1), generator=generator)
    start = (torch.rand(batch, 1, generator=generator) * (time - length + 1)).long()
    place = torch.arange(time)
    return wave.masked_fill((place >= start) & (place < start + length), 0.0)
