"""The first four frames are cut.
hint: pretraining.shape
"""


def make_input(mel, generator):
    return mel[:, :, 4:]
