"""The clip is never faded in.
hint: fade.no_fade_in
"""


def fade(wave, max_fraction=0.5, generator=None):
    batch, time = wave.shape
    n = torch.randint(int(max_fraction * time) + 1, (batch, 1), generator=generator)
    t = torch.arange(time, 0, -1, dtype=wave.dtype)
    return wave * (t / n).clamp(max=1)
