"""The mask of tokens is taken for one of frames.
hint: mask_input.first_half
"""


def mask_input(mel, mask, vector):
    hidden = F.pad(mask, (0, mel.shape[2] - mask.shape[1]))
    return torch.where(hidden[:, None], vector[:, None], mel)
