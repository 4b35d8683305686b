"""Each clip is changed with a chance of its own.

calibrate: 8
"""


def augment_wave(wave, generator):
    chosen = torch.rand(len(wave), 1, generator=generator) < 0.4
    return torch.where(chosen, add_noise(wave, 15.0, generator), wave)


def augment_mel(mel, generator):
    chosen = torch.rand(len(mel), 1, 1, generator=generator) < 0.6
    return torch.where(chosen, spec_augment(mel, generator=generator), mel)
