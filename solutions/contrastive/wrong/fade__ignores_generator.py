"""Python's random, never seeded.
hint: fade.ignores_generator
"""


def fade(wave, max_fraction=0.5, generator=None):
    out = wave.clone()
    batch, time = wave.shape
    for clip in out:
        n, m = (random.randint(0, int(max_fraction * time)) for _ in range(2))
        clip[:n] *= torch.linspace(0, 1, n)
        clip[time - m :] *= torch.linspace(1, 0, m)
    return out
