"""Clip by clip, frame by frame."""


def mask_input(mel, mask, vector):
    out = mel.clone()
    for b in range(len(mel)):
        for t in range(mask.shape[1]):
            if mask[b, t]:
                out[b, :, 2 * t] = vector
                out[b, :, 2 * t + 1] = vector
    return out
