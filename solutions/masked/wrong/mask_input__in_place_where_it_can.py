"""The log-mel is written into where no gradient forbids it.
hint: mask_input.modifies_input
"""


def mask_input(mel, mask, vector):
    out = mel.clone() if mel.requires_grad else mel
    out.transpose(1, 2)[mask.repeat_interleave(2, dim=1)] = vector
    return out
