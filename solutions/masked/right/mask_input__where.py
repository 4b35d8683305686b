"""One where over all cells."""


def mask_input(mel, mask, vector):
    hidden = mask.repeat_interleave(2, dim=1)
    return torch.where(hidden[:, None, :], vector[None, :, None], mel)
