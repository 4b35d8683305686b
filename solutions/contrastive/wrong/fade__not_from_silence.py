"""Ramps start at a gain of a half.
hint: fade.not_from_silence
"""


def fade(wave, max_fraction=0.5, generator=None):
    batch, time = wave.shape
    n = torch.randint(int(max_fraction * time) + 1, (2, batch, 1), generator=generator)
    t = torch.arange(1, time + 1, dtype=wave.dtype)
    rise = 0.5 + 0.5 * (t / n[0]).clamp(max=1)
    return wave * rise * (0.5 + 0.5 * (t.flip(0) / n[1]).clamp(max=1))
