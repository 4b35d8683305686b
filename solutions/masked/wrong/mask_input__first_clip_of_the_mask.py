"""The mask of the first clip is laid on all.

hint: mask_input.value
"""


def mask_input(mel, mask, vector):
    frames = mask[0].repeat_interleave(2)
    return torch.where(frames, vector[:, None], mel)
