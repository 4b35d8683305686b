"""The log-mel that was passed in is written into.
hint: mask_input.no_gradient
"""


def mask_input(mel, mask, vector):
    mel.transpose(1, 2)[mask.repeat_interleave(2, dim=1)] = vector
    return mel
