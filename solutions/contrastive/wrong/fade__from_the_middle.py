"""The fade-out starts in the middle of the clip and the rest is silent.
hint: fade.stays_silent
"""


def fade(wave, max_fraction=0.5, generator=None):
    batch, time = wave.shape
    n = torch.randint(1, int(max_fraction * time) // 2 + 1, (2, batch, 1), generator=generator)
    t = torch.arange(1, time + 1, dtype=wave.dtype)
    fall = ((3 * time // 4 - t) / n[1]).clamp(min=0, max=1)
    return wave * (t / n[0]).clamp(max=1) * fall
