"""Views that are noise and hold nothing of the clip."""


def augment_wave(wave, generator):
    return torch.randn(wave.shape, generator=generator)


def augment_mel(mel, generator):
    return torch.randn(mel.shape, generator=generator)
