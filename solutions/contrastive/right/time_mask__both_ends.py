"""Both ends are drawn, and the stretch is cut to the longest around its middle."""


def time_mask(wave, max_fraction=0.125, generator=None):
    batch, time = wave.shape
    longest = int(max_fraction * time)
    rng = np.random.default_rng(
        None if generator is None else int(torch.randint(2**31, (), generator=generator))
    )
    keep = np.ones((batch, time), dtype=bool)
    for row in keep:
        length = rng.integers(longest, endpoint=True)
        row[slice(*(rng.integers(time - length, endpoint=True) + np.array([0, length])))] = False
    return wave * torch.from_numpy(keep).to(wave.dtype)
