"""A squeeze takes the axis of a single clip or token away.
hint: mask_input.any_size
"""


def mask_input(mel, mask, vector):
    hidden = mask.squeeze().repeat_interleave(2, dim=1)
    return torch.where(hidden[:, None], vector[:, None], mel)
