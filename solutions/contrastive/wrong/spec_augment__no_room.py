"""Starts are drawn below size - widest, a range that is empty when the clip is no wider.

hint: spec_augment.no_room
"""


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    batch, n_mels, frames = mel.shape
    out, mean = mel.clone(), mel.mean(dim=(1, 2))
    for i in range(batch):
        width = int(torch.randint(max_mels + 1, (1,), generator=generator))
        start = int(torch.randint(n_mels - max_mels, (1,), generator=generator))
        out[i, start : start + width] = mean[i]
        width = int(torch.randint(max_frames + 1, (1,), generator=generator))
        start = int(torch.randint(frames - max_frames, (1,), generator=generator))
        out[i, :, start : start + width] = mean[i]
    return out
