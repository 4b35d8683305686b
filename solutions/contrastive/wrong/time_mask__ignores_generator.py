"""Python's random, never seeded.
hint: time_mask.ignores_generator
"""


def time_mask(wave, max_fraction=0.125, generator=None):
    out = wave.clone()
    batch, time = wave.shape
    for i in range(batch):
        length = random.randint(0, int(max_fraction * time))
        start = random.randint(0, time - length)
        out[i, start : start + length] = 0
    return out
