"""Lengths from half of the greatest length on.
hint: time_mask.never_short
"""


def time_mask(wave, max_fraction=0.125, generator=None):
    batch, time = wave.shape
    longest = int(max_fraction * time)
    length = torch.randint(longest // 2, longest + 1, (batch, 1), generator=generator)
    start = (torch.rand(batch, 1, generator=generator) * (time - length + 1)).long()
    t = torch.arange(time)
    return wave.masked_fill((t >= start) & (t < start + length), 0)
