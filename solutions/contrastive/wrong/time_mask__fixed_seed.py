"""A seed is set inside.
hint: time_mask.fixed_seed
"""


def time_mask(wave, max_fraction=0.125, generator=None):
    rng = np.random.default_rng(42)
    out = wave.clone()
    batch, time = wave.shape
    for i in range(batch):
        length = rng.integers(0, int(max_fraction * time) + 1)
        start = rng.integers(0, time - length + 1)
        out[i, start : start + length] = 0
    return out
