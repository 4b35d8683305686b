"""One pair of masks for the whole batch.
hint: spec_augment.shared_mask
"""


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    _, n_mels, frames = mel.shape
    out, mean = mel.clone(), mel.mean((1, 2), keepdim=True)
    w = torch.randint(max_mels + 1, (1,), generator=generator).item()
    v = torch.randint(max_frames + 1, (1,), generator=generator).item()
    m = torch.randint(n_mels - w + 1, (1,), generator=generator).item()
    f = torch.randint(frames - v + 1, (1,), generator=generator).item()
    out[:, m : m + w] = mean
    out[:, :, f : f + v] = mean
    return out
