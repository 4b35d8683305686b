"""Masked frames are half vector and half speech.
hint: mask_input.value
"""


def mask_input(mel, mask, vector):
    hidden = mask.repeat_interleave(2, 1)[:, None]
    return torch.where(hidden, (vector[:, None] + mel) / 2, mel)
