"""Frames are assigned through .data.
hint: mask_input.vector_gradient
"""


def mask_input(mel, mask, vector):
    out = mel.clone()
    out.data.transpose(1, 2)[mask.repeat_interleave(2, dim=1)] = vector.data
    return out
