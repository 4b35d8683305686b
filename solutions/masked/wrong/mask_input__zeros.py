"""Masked frames are set to zero.
hint: mask_input.zeros
"""


def mask_input(mel, mask, vector):
    return mel.masked_fill(mask.repeat_interleave(2, 1)[:, None], 0.0)
