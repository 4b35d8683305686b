"""Raised cosines.
hint: fade.not_linear
"""


def fade(wave, max_fraction=0.5, generator=None):
    batch, time = wave.shape
    n = torch.randint(int(max_fraction * time) + 1, (2, batch, 1), generator=generator)
    t = torch.arange(1, time + 1, dtype=wave.dtype)
    gain = (t / n[0]).clamp(max=1) * math.pi, (t.flip(0) / n[1]).clamp(max=1) * math.pi
    return wave * (1 - gain[0].cos()) / 2 * (1 - gain[1].cos()) / 2
