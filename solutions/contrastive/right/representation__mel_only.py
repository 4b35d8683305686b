"""The waveform is left alone; noise and masks on the spectrogram.

calibrate: 8
"""


def augment_wave(wave, generator):
    return wave


def augment_mel(mel, generator):
    noise = torch.randn(mel.shape, generator=generator)
    return spec_augment(mel + 0.1 * noise, generator=generator)
