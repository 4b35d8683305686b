"""The result is always float32.
hint: mask_input.dtype
"""


def mask_input(mel, mask, vector):
    m = mask.repeat_interleave(2, 1)[:, None].float()
    return mel.float() * (1 - m) + vector.float()[:, None] * m
