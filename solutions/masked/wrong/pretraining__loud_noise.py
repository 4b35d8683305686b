"""Noise that drowns the clip.
hint: pretraining.not_recognisable
"""


def make_input(mel, generator):
    return mel + 8.0 * torch.randn(mel.shape, generator=generator)
