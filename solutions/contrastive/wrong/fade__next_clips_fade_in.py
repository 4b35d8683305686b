"""The fade-out of a clip has the length of the next clip's fade-in.

hint: fade.repeated
"""


def fade(wave, max_fraction=0.5, generator=None):
    batch, time = wave.shape
    n = torch.randint(int(max_fraction * time) + 1, (batch + 1, 1), generator=generator)
    n_in, n_out = n[:-1], n[1:]
    t = torch.arange(1, time + 1, dtype=wave.dtype)
    return wave * (t / n_in).clamp(max=1) * (t.flip(0) / n_out).clamp(max=1)
