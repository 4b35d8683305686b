"""Clips two by two get the same mask.

hint: time_mask.repeated
"""


def time_mask(wave, max_fraction=0.125, generator=None):
    batch, time = wave.shape
    pairs = (batch + 1) // 2
    length = torch.randint(int(max_fraction * time) + 1, (pairs, 1), generator=generator)
    start = (torch.rand(pairs, 1, generator=generator) * (time - length + 1)).long()
    length, start = (x.repeat_interleave(2, dim=0)[:batch] for x in (length, start))
    t = torch.arange(time)
    return wave.masked_fill((t >= start) & (t < start + length), 0.0)
