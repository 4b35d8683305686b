"""The clip as it is."""


def make_input(mel, generator):
    return mel
