"""The clip runs backwards.
hint: pretraining.reversed
"""


def make_input(mel, generator):
    return mel.flip(2)
