"""Half precision.
hint: pretraining.dtype
"""


def make_input(mel, generator):
    return (mel + 0.1).half()
