"""The time axis runs from 0 to 1 and the fades are fractions of it."""


def fade(wave, max_fraction=0.5, generator=None):
    batch, time = wave.shape
    axis = torch.linspace(0, 1, time, dtype=wave.dtype).expand(batch, time)
    f_in = torch.rand(batch, 1, generator=generator, dtype=wave.dtype) * max_fraction + 1e-9
    f_out = torch.rand(batch, 1, generator=generator, dtype=wave.dtype) * max_fraction + 1e-9
    gain_in = torch.minimum(axis / f_in, torch.ones_like(axis))
    gain_out = torch.minimum((1 - axis) / f_out, torch.ones_like(axis))
    return wave * torch.min(gain_in, gain_out)
