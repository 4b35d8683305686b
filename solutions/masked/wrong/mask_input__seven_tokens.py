"""The number of tokens is written in the code.
hint: mask_input.any_size
"""


def mask_input(mel, mask, vector):
    out = mel.clone()
    for t in range(7):
        hidden = mask[:, t, None, None]
        out[:, :, 2 * t : 2 * t + 2] = torch.where(hidden, vector[:, None], mel[:, :, 2 * t : 2 * t + 2])
    return out
