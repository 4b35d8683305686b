"""The log-mel is taken for power, and another logarithm is taken.

hint: representation.view_not_finite
"""


def augment_wave(wave, generator):
    return wave


def augment_mel(mel, generator):
    noise = 0.01 * torch.rand(mel.shape, generator=generator)
    return torch.log(mel + noise)
