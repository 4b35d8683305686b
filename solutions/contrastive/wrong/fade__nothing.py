"""The fades are made and not applied.
hint: fade.unchanged
"""


def fade(wave, max_fraction=0.5, generator=None):
    batch, time = wave.shape
    n = torch.randint(int(max_fraction * time) + 1, (2, batch, 1), generator=generator)
    t = torch.arange(1, time + 1, dtype=wave.dtype)
    gain = (t / n[0]).clamp(max=1) * (t.flip(0) / n[1]).clamp(max=1)
    assert gain.shape == wave.shape
    return wave
