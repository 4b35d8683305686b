"""Divided by the deviation of each frame, which is 0 in silence.
hint: pretraining.not_finite
"""


def make_input(mel, generator):
    return (mel - mel.mean(1, keepdim=True)) / mel.std(1, keepdim=True)
