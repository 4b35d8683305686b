"""The whole clip is set to zero.

hint: time_mask.everything
"""


def time_mask(wave, max_fraction=0.125, generator=None):
    batch, time = wave.shape
    length = torch.randint(int(max_fraction * time) + 1, (batch, 1), generator=generator)
    start = (torch.rand(batch, 1, generator=generator) * (time - length + 1)).long()
    t = torch.arange(time)
    return wave.masked_fill((t >= start) | (t < start + length), 0.0)
