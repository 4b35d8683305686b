"""The middle of each axis is masked.
hint: spec_augment.not_random
"""


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    _, n_mels, frames = mel.shape
    out, mean = mel.clone(), mel.mean((1, 2), keepdim=True)
    m, f = (n_mels - max_mels) // 2, (frames - max_frames) // 2
    out[:, m : m + max_mels] = mean
    out[:, :, f : f + max_frames] = mean
    return out
