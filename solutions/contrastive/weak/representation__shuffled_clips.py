"""The clips of a batch are dealt anew, so that the two views of a pair are of different clips."""


def augment_wave(wave, generator):
    return wave + 1e-2 * torch.randn(wave.shape, generator=generator)


def augment_mel(mel, generator):
    return mel[torch.randperm(len(mel), generator=generator)] + 0.1 * torch.randn(
        mel.shape, generator=generator
    )
