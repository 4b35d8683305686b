"""Masks start at every eighth sample only.

hint: time_mask.few_starts
"""


def time_mask(wave, max_fraction=0.125, generator=None):
    batch, time = wave.shape
    length = torch.randint(int(max_fraction * time) + 1, (batch, 1), generator=generator)
    start = (torch.rand(batch, 1, generator=generator) * (time - length + 1)).long() // 8 * 8
    t = torch.arange(time)
    return wave.masked_fill((t >= start) & (t < start + length), 0.0)
