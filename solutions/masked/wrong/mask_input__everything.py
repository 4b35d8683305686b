"""The mask is reduced to whether anything is masked.
hint: mask_input.everything
"""


def mask_input(mel, mask, vector):
    return torch.where(mask.any(), vector[:, None].expand_as(mel), mel)
