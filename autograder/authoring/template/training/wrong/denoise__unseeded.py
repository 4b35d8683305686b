"""Holes that the global random source makes.
hint: denoise.ignores_generator
"""


def corrupt(mel, generator):
    return mel * (torch.rand(mel.shape) > 0.3)
