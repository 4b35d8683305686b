"""Noise is added to the clip itself.
hint: pretraining.modifies_input
"""


def make_input(mel, generator):
    return mel.add_(0.1 * torch.randn(mel.shape, generator=generator))
