"""Nothing is recorded.
hint: mask_input.no_gradient
"""


@torch.no_grad()
def mask_input(mel, mask, vector):
    return torch.where(mask.repeat_interleave(2, 1)[:, None], vector[:, None], mel)
