"""Square roots, as for a crossfade of equal power.
hint: fade.not_linear
"""


def fade(wave, max_fraction=0.5, generator=None):
    batch, time = wave.shape
    n = torch.randint(int(max_fraction * time) + 1, (2, batch, 1), generator=generator)
    t = torch.arange(1, time + 1, dtype=wave.dtype)
    return wave * (t / n[0]).clamp(max=1).sqrt() * (t.flip(0) / n[1]).clamp(max=1).sqrt()
