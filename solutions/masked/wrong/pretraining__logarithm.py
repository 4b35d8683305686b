"""The logarithm of the log-mel.
hint: pretraining.not_finite
"""


def make_input(mel, generator):
    return (mel + 0.1).log()
