"""Views that differ by noise nobody could hear: nothing has to be learned to tell them apart."""


def augment_wave(wave, generator):
    return wave + 1e-4 * torch.randn(wave.shape, generator=generator)


def augment_mel(mel, generator):
    return mel + 1e-2 * torch.randn(mel.shape, generator=generator)
