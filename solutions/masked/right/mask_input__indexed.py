"""Frames are assigned in a clone."""


def mask_input(mel, mask, vector):
    out = mel.clone().transpose(1, 2)
    out[mask.repeat_interleave(2, dim=1)] = vector
    return out.transpose(1, 2)
