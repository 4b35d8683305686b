"""Narrow masks are likelier; cells are filled by fancy indexing."""


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    batch, n_mels, frames = mel.shape
    u = torch.rand(batch, 4, generator=generator)
    w = (u[:, 0] ** 2 * (max_mels + 1)).int()
    v = (u[:, 1] ** 2 * (max_frames + 1)).int()
    m = (u[:, 2] * (n_mels - w + 1)).int()
    f = (u[:, 3] * (frames - v + 1)).int()
    out = mel.detach().clone()
    for b in range(batch):
        rows = torch.arange(int(m[b]), int(m[b] + w[b]))
        columns = torch.arange(int(f[b]), int(f[b] + v[b]))
        mean = mel[b].mean()
        out[b, rows, :] = mean
        out[b, :, columns] = mean
    return out
