"""numpy draws and masks, seeded from the generator."""


def time_mask(wave, max_fraction=0.125, generator=None):
    rng = np.random.RandomState(int(torch.randint(2**31, (1,), generator=generator)))
    x = wave.numpy().copy()
    batch, time = x.shape
    lengths = rng.randint(0, int(np.ceil(max_fraction * time)) + 1, size=batch)
    for i, n in enumerate(lengths):
        s = rng.randint(0, time - n + 1)
        x[i, s : s + n] = 0
    return torch.from_numpy(x)
