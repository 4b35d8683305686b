"""Copies of the vector are scattered into the masked cells, with the bands last."""


def mask_input(mel, mask, vector):
    frames = mask.repeat_interleave(2, 1)
    last = mel.transpose(1, 2)
    filled = last.masked_scatter(frames[:, :, None], vector.repeat(int(frames.sum())))
    return filled.transpose(1, 2)
