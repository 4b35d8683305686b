"""The mean of the vector in all bands.
hint: mask_input.one_value
"""


def mask_input(mel, mask, vector):
    return torch.where(mask.repeat_interleave(2, 1)[:, None], vector.mean(), mel)
