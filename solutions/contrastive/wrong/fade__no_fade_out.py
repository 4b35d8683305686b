"""The clip is never faded out.
hint: fade.no_fade_out
"""


def fade(wave, max_fraction=0.5, generator=None):
    batch, time = wave.shape
    n = torch.randint(int(max_fraction * time) + 1, (batch, 1), generator=generator)
    t = torch.arange(1, time + 1, dtype=wave.dtype)
    return wave * (t / n).clamp(max=1)
