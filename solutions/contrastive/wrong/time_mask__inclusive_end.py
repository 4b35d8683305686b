"""The end is masked too: every mask is one sample longer than drawn.
hint: time_mask.too_long
"""


def time_mask(wave, max_fraction=0.125, generator=None):
    batch, time = wave.shape
    length = torch.randint(0, int(max_fraction * time) + 1, (batch, 1), generator=generator)
    start = (torch.rand(batch, 1, generator=generator) * (time - length)).long()
    t = torch.arange(time)
    return wave.masked_fill((t >= start) & (t <= start + length), 0)
