"""Time and frequency change places.
hint: mask_input.shape
"""


def mask_input(mel, mask, vector):
    out = mel.transpose(1, 2).clone()
    out[mask.repeat_interleave(2, dim=1)] = vector
    return out
