"""The mask of frames comes back beside the result.
hint: mask_input.not_a_tensor
"""


def mask_input(mel, mask, vector):
    hidden = mask.repeat_interleave(2, 1)[:, None]
    return torch.where(hidden, vector[:, None], mel), hidden
