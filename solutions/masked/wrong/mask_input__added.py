"""The vector is added to the masked frames.
hint: mask_input.added
"""


def mask_input(mel, mask, vector):
    return mel + vector[:, None] * mask.repeat_interleave(2, 1)[:, None]
