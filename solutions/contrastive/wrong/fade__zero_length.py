"""A fade of length 0 divides zero by zero.
hint: fade.not_finite
"""


def fade(wave, max_fraction=0.5, generator=None):
    batch, time = wave.shape
    n = torch.randint(int(max_fraction * time) + 1, (2, batch, 1), generator=generator)
    t = torch.arange(time, dtype=wave.dtype)
    return wave * (t / n[0]).clamp(max=1) * (t.flip(0) / n[1]).clamp(max=1)
