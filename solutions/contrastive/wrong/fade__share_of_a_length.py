"""The fade-out is never longer than the fade-in.

hint: fade.same_length
"""


def fade(wave, max_fraction=0.5, generator=None):
    batch, time = wave.shape
    u, v = torch.rand(2, batch, 1, generator=generator)
    longest = int(max_fraction * time)
    n_in, n_out = (u * (longest + 1)).long(), (torch.minimum(u, v) * (longest + 1)).long()
    t = torch.arange(1, time + 1, dtype=wave.dtype)
    return wave * (t / n_in).clamp(max=1) * (t.flip(0) / n_out).clamp(max=1)
