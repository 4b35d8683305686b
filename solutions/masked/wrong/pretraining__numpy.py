"""An array is returned.
hint: pretraining.not_a_tensor
"""


def make_input(mel, generator):
    return mel.numpy() + 0.1
