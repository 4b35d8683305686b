"""Gaussian noise in place of holes."""


def corrupt(mel, generator):
    return mel + 0.5 * torch.randn(mel.shape, generator=generator)
