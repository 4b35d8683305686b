"""In tokens: [batch, 40, tokens, 2]."""


def mask_input(mel, mask, vector):
    tokens = mel.unflatten(2, (-1, 2))
    return torch.where(mask[:, None, :, None], vector[:, None, None], tokens).flatten(2)
