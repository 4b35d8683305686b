"""The lengths are sorted, so the last clips of a batch lose most.

hint: time_mask.repeated
"""


def time_mask(wave, max_fraction=0.125, generator=None):
    batch, time = wave.shape
    length = torch.randint(int(max_fraction * time) + 1, (batch, 1), generator=generator)
    length = length.sort(dim=0).values
    start = (torch.rand(batch, 1, generator=generator) * (time - length + 1)).long()
    t = torch.arange(time)
    return wave.masked_fill((t >= start) & (t < start + length), 0.0)
