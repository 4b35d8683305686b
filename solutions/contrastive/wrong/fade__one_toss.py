"""Whether the batch is faded out is tossed once.

hint: fade.shared_draw
"""


def fade(wave, max_fraction=0.5, generator=None):
    batch, time = wave.shape
    n_in, n_out = torch.randint(int(max_fraction * time) + 1, (2, batch, 1), generator=generator)
    n_out = n_out * torch.randint(2, (1,), generator=generator)
    t = torch.arange(1, time + 1, dtype=wave.dtype)
    return wave * (t / n_in).clamp(max=1) * (t.flip(0) / n_out).clamp(max=1)
