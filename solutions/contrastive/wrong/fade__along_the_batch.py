"""The ramps run along the batch.

hint: fade.batch_axis
"""


def fade(wave, max_fraction=0.5, generator=None):
    batch, time = wave.shape
    n_in, n_out = torch.randint(int(max_fraction * batch) + 1, (2, 1), generator=generator)
    b = torch.arange(1, batch + 1, dtype=wave.dtype)
    gain = (b / n_in).clamp(max=1) * (b.flip(0) / n_out).clamp(max=1)
    return wave * gain[:, None]
