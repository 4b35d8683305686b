"""Noise is added to the waveform in place.

hint: representation.in_place
"""


def augment_wave(wave, generator):
    wave += 0.01 * torch.randn(wave.shape, generator=generator)
    return wave


def augment_mel(mel, generator):
    return spec_augment(mel, generator=generator)
