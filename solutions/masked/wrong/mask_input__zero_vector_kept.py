"""Bands in which the vector is 0 keep the speech.

hint: mask_input.zero_vector
"""


def mask_input(mel, mask, vector):
    hidden = mask.repeat_interleave(2, dim=1)[:, None] * vector[:, None]
    return torch.where(hidden != 0, hidden, mel)
