"""Both views are returned at once.

hint: representation.not_a_tensor
"""


def augment_wave(wave, generator):
    return wave


def augment_mel(mel, generator):
    return spec_augment(mel, generator=generator), spec_augment(mel, generator=generator)
