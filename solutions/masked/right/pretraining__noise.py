"""White noise on the log-mel, and a change of contrast."""


def make_input(mel, generator):
    contrast = 0.8 + 0.4 * torch.rand(len(mel), 1, 1, generator=generator)
    return contrast * mel + 0.15 * torch.randn(mel.shape, generator=generator)
