"""One fade in three, tossed for each clip and end, is left out."""


def fade(wave, max_fraction=0.5, generator=None):
    batch, time = wave.shape
    n = torch.randint(int(max_fraction * time) + 1, (2, batch, 1), generator=generator)
    n_in, n_out = n * (torch.rand(2, batch, 1, generator=generator) > 0.33)
    t = torch.arange(1, time + 1, dtype=wave.dtype)
    return wave * (t / n_in).clamp(max=1) * (t.flip(0) / n_out).clamp(max=1)
