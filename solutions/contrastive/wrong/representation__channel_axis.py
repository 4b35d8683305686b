"""An axis for channels is added and stays.

hint: representation.shape
"""


def augment_wave(wave, generator):
    return wave


def augment_mel(mel, generator):
    return spec_augment(mel, generator=generator)[:, None]
