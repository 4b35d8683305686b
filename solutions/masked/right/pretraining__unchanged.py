"""The clip as it is.

calibrate: 16
"""


def make_input(mel, generator):
    return mel
