"""The fade-in goes on rising after its end.
hint: fade.gain_above_one
"""


def fade(wave, max_fraction=0.5, generator=None):
    batch, time = wave.shape
    n = torch.randint(1, int(max_fraction * time) + 1, (2, batch, 1), generator=generator)
    t = torch.arange(1, time + 1, dtype=wave.dtype)
    return wave * (t / n[0]) * (t.flip(0) / n[1]).clamp(max=1)
