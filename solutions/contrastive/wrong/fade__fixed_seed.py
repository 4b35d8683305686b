"""A seed is set inside.
hint: fade.fixed_seed
"""


def fade(wave, max_fraction=0.5, generator=None):
    torch.manual_seed(1234)
    batch, time = wave.shape
    n = torch.randint(int(max_fraction * time) + 1, (2, batch, 1))
    t = torch.arange(1, time + 1, dtype=wave.dtype)
    return wave * (t / n[0]).clamp(max=1) * (t.flip(0) / n[1]).clamp(max=1)
