"""Even and odd frames one after the other, in a clone."""


def mask_input(mel, mask, vector):
    out = mel.clone()
    for frame in (0, 1):
        out[:, :, frame::2] = torch.where(mask[:, None], vector[:, None], mel[:, :, frame::2])
    return out
