"""One is taken off the greatest length, as if the end of the range were drawn too.

hint: fade.never_long
"""


def fade(wave, max_fraction=0.5, generator=None):
    batch, time = wave.shape
    longest = max(int(max_fraction * time) - 1, 1)
    n = torch.randint(0, longest, (2, batch, 1), generator=generator)
    t = torch.arange(1, time + 1, dtype=wave.dtype)
    return wave * (t / n[0]).clamp(max=1) * (t.flip(0) / n[1]).clamp(max=1)
