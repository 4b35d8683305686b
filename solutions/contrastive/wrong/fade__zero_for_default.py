"""A fraction of 0 counts as none given.

hint: fade.zero_fraction
"""


def fade(wave, max_fraction=None, generator=None):
    batch, time = wave.shape
    longest = int((max_fraction or 0.5) * time)
    n = torch.randint(0, longest + 1, (2, batch, 1), generator=generator)
    t = torch.arange(1, time + 1, dtype=wave.dtype)
    return wave * (t / n[0]).clamp(max=1) * (t.flip(0) / n[1]).clamp(max=1)
