"""numpy throughout, seeded from the generator."""


def fade(wave, max_fraction=0.5, generator=None):
    rng = np.random.default_rng(torch.randint(2**31, (1,), generator=generator).item())
    x = wave.numpy().copy()
    batch, time = x.shape
    longest = int(max_fraction * time)
    for row in x:
        a, b = rng.integers(0, longest, size=2, endpoint=True)
        row[:a] *= np.linspace(0, 1, a)
        row[time - b :] *= np.linspace(0, 1, b)[::-1]
    return torch.from_numpy(x)
