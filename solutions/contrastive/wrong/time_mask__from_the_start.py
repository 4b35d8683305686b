"""Every mask begins with the clip.
hint: time_mask.fixed_start
"""


def time_mask(wave, max_fraction=0.125, generator=None):
    batch, time = wave.shape
    length = torch.randint(0, int(max_fraction * time) + 1, (batch, 1), generator=generator)
    return wave.masked_fill(torch.arange(time) < length, 0)
