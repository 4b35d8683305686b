"""Fade-in and fade-out of a clip have the same length.
hint: fade.same_length
"""


def fade(wave, max_fraction=0.5, generator=None):
    batch, time = wave.shape
    n = torch.randint(int(max_fraction * time) + 1, (batch, 1), generator=generator)
    t = torch.arange(1, time + 1, dtype=wave.dtype)
    return wave * (t / n).clamp(max=1) * (t.flip(0) / n).clamp(max=1)
