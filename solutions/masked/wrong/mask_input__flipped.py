"""The vector upside down.
hint: mask_input.reversed
"""


def mask_input(mel, mask, vector):
    return torch.where(mask.repeat_interleave(2, 1)[:, None], vector.flip(0)[:, None], mel)
