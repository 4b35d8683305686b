"""numpy is seeded from the generator's first seed at every call.
hint: fade.restarts_generator
"""


def fade(wave, max_fraction=0.5, generator=None):
    rng = np.random.default_rng(None if generator is None else generator.initial_seed())
    batch, time = wave.shape
    n = torch.from_numpy(rng.integers(0, int(max_fraction * time) + 1, (2, batch, 1)))
    t = torch.arange(1, time + 1, dtype=wave.dtype)
    return wave * (t / n[0]).clamp(max=1) * (t.flip(0) / n[1]).clamp(max=1)
