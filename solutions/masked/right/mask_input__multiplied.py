"""The mel times what is visible plus the vector times what is not."""


def mask_input(mel, mask, vector):
    m = mask.repeat_interleave(2, 1).unsqueeze(1).to(mel.dtype)
    return mel * (1 - m) + vector.view(1, -1, 1) * m
