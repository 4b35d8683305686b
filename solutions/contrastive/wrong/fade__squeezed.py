"""Lengths are squeezed and gone through one by one, which a batch of one does not bear.

hint: fade.any_size
"""


def fade(wave, max_fraction=0.5, generator=None):
    batch, time = wave.shape
    lengths = torch.randint(int(max_fraction * time) + 1, (batch, 2), generator=generator)
    gain = torch.ones_like(wave)
    for row, (n_in, n_out) in zip(gain, lengths.squeeze()):
        row[:n_in] *= torch.linspace(0, 1, n_in, dtype=wave.dtype)
        row[time - n_out :] *= torch.linspace(1, 0, n_out, dtype=wave.dtype)
    return wave * gain
