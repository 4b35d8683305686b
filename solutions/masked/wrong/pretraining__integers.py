"""Rounded to whole numbers.
hint: pretraining.dtype
"""


def make_input(mel, generator):
    return (mel + 0.1).round().int()
