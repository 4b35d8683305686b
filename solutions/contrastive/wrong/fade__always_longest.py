"""Both fades always have the greatest length.
hint: fade.not_random
"""


def fade(wave, max_fraction=0.5, generator=None):
    time = wave.shape[1]
    n = int(max_fraction * time)
    t = torch.arange(1, time + 1, dtype=wave.dtype)
    return wave * (t / n).clamp(max=1) * (t.flip(0) / n).clamp(max=1)
