"""Without a generator a new one is made, which always starts from the same seed.
hint: fade.default_generator
"""


def fade(wave, max_fraction=0.5, generator=None):
    if generator is None:
        generator = torch.Generator()
    batch, time = wave.shape
    n = torch.randint(int(max_fraction * time) + 1, (2, batch, 1), generator=generator)
    t = torch.arange(1, time + 1, dtype=wave.dtype)
    return wave * (t / n[0]).clamp(max=1) * (t.flip(0) / n[1]).clamp(max=1)
