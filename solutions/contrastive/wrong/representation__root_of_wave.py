"""A random power of samples, which are negative half of the time.

hint: representation.view_not_finite
"""


def augment_wave(wave, generator):
    power = 0.8 + 0.4 * torch.rand(len(wave), 1, generator=generator)
    return wave**power


def augment_mel(mel, generator):
    return mel
