"""where has its arguments the wrong way round.
hint: mask_input.inverted
calibrate: yes
"""


def mask_input(mel, mask, vector):
    return torch.where(mask.repeat_interleave(2, 1)[:, None], mel, vector[:, None])
