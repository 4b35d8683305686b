"""Only the first frame of a token.
hint: mask_input.one_frame
"""


def mask_input(mel, mask, vector):
    out = mel.clone()
    out[:, :, ::2] = torch.where(mask[:, None], vector[:, None], mel[:, :, ::2])
    return out
