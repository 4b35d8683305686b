"""Nothing is done.

hint: representation.unchanged
"""


def augment_wave(wave, generator):
    return wave


def augment_mel(mel, generator):
    return mel
