"""Very short and very long fade-ins go with long fade-outs: one number decides both.

hint: fade.same_length
"""


def fade(wave, max_fraction=0.5, generator=None):
    batch, time = wave.shape
    u = torch.rand(batch, 1, generator=generator)
    longest = int(max_fraction * time)
    n_in, n_out = (u * (longest + 1)).long(), ((2 * u - 1).abs() * (longest + 1)).long()
    t = torch.arange(1, time + 1, dtype=wave.dtype)
    return wave * (t / n_in).clamp(max=1) * (t.flip(0) / n_out).clamp(max=1)
