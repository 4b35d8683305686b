"""Two voices are returned.
hint: pretraining.not_a_tensor
"""


def make_input(mel, generator):
    return mel, mel + 0.1 * torch.randn(mel.shape, generator=generator)
