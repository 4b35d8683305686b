"""Lengths up to the whole clip.
hint: fade.too_long
"""


def fade(wave, max_fraction=0.5, generator=None):
    batch, time = wave.shape
    longest = min(time, int(2 * max_fraction * time))
    n = torch.randint(longest + 1, (2, batch, 1), generator=generator)
    t = torch.arange(1, time + 1, dtype=wave.dtype)
    return wave * (t / n[0]).clamp(max=1) * (t.flip(0) / n[1]).clamp(max=1)
