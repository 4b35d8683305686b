"""Python's random, seeded from the generator with a small number."""


def time_mask(wave, max_fraction=0.125, generator=None):
    rng = random.Random(torch.randint(0, 1000, (1,), generator=generator).item())
    batch, time = wave.shape
    mask = torch.ones_like(wave)
    for row in mask:
        n = rng.randint(0, int(max_fraction * time))
        i = rng.randrange(time - n)
        row[i : i + n] = 0
    return mask * wave
