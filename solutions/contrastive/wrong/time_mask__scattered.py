"""Single samples are dropped all over the clip.
hint: time_mask.scattered
"""


def time_mask(wave, max_fraction=0.125, generator=None):
    keep = torch.rand(wave.shape, generator=generator) >= max_fraction / 2
    return wave * keep
