"""index_put on frames."""


def mask_input(mel, mask, vector):
    clip, token = mask.nonzero(as_tuple=True)
    frames = mel.transpose(1, 2).unflatten(1, (-1, 2))
    filled = frames.index_put((clip, token), vector)
    return filled.flatten(1, 2).transpose(1, 2)
