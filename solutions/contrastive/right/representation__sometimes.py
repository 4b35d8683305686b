"""Augmentations for the whole batch, each with a probability."""


def augment_wave(wave, generator):
    if torch.rand(1, generator=generator) < 0.3:
        return fade(wave, generator=generator)
    return wave


def augment_mel(mel, generator):
    if torch.rand(1, generator=generator) < 0.3:
        mel = mel.flip(2)
    if torch.rand(1, generator=generator) < 0.2:
        mel = mel - mel.mean((1, 2), keepdim=True)
    return mel
