"""numpy on a copy, seeded from the generator."""


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    rng = np.random.default_rng(int(torch.randint(2**31, (1,), generator=generator)))
    x = mel.numpy().copy()
    batch, n_mels, frames = x.shape
    for i in range(batch):
        mean = float(x[i].mean())
        w, v = rng.integers(0, [max_mels + 1, max_frames + 1])
        m, f = rng.integers(0, n_mels - w + 1), rng.integers(0, frames - v + 1)
        x[i, m : m + w] = mean
        x[i, :, f : f + v] = mean
    return torch.from_numpy(x)
