"""A loop over clips that writes the mean into a clone."""


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    out = mel.clone()
    batch, n_mels, frames = mel.shape
    for i in range(batch):
        mean = mel[i].mean()
        width = torch.randint(0, max_mels + 1, (1,), generator=generator).item()
        start = torch.randint(0, n_mels - width + 1, (1,), generator=generator).item()
        out[i, start : start + width, :] = mean
        width = torch.randint(0, max_frames + 1, (1,), generator=generator).item()
        start = torch.randint(0, frames - width + 1, (1,), generator=generator).item()
        out[i, :, start : start + width] = mean
    return out
