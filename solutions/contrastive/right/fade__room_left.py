"""The fade-out has what the fade-in leaves, so that they never overlap."""


def fade(wave, max_fraction=0.5, generator=None):
    batch, time = wave.shape
    longest = int(max_fraction * time)
    n_in = torch.randint(longest + 1, (batch, 1), generator=generator)
    n_out = torch.randint(longest + 1, (batch, 1), generator=generator)
    n_out = torch.minimum(n_out, time - n_in)
    t = torch.arange(time, dtype=wave.dtype)
    gain = torch.ones_like(wave)
    gain = torch.where(t < n_in, (t + 1) / n_in, gain)
    return wave * torch.where(t >= time - n_out, (time - t) / n_out, gain)
