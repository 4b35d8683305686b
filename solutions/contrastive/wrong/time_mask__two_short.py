"""One is taken off the greatest length, as if the end of the range were drawn too.

hint: time_mask.never_long
"""


def time_mask(wave, max_fraction=0.125, generator=None):
    batch, time = wave.shape
    longest = int(max_fraction * time)
    length = torch.randint(0, longest - 1, (batch, 1), generator=generator)
    start = (torch.rand(batch, 1, generator=generator) * (time - length + 1)).long()
    t = torch.arange(time)
    return wave.masked_fill((t >= start) & (t < start + length), 0.0)
