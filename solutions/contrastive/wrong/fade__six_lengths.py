"""The lengths come from a table of six.

hint: fade.few_lengths
"""


def fade(wave, max_fraction=0.5, generator=None):
    batch, time = wave.shape
    table = torch.linspace(0, int(max_fraction * time), 6).long()
    n_in, n_out = table[torch.randint(6, (2, batch, 1), generator=generator)]
    t = torch.arange(1, time + 1, dtype=wave.dtype)
    return wave * (t / n_in).clamp(max=1) * (t.flip(0) / n_out).clamp(max=1)
