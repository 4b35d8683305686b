"""The mask is drawn when the cell is run, and never again.

hint: representation.same_views
"""

MASK = (torch.rand(1, 40, 1) > 0.15).float()


def augment_wave(wave, generator):
    return wave


def augment_mel(mel, generator):
    return mel * MASK
