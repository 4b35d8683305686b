"""Short fades are likelier: lengths are products of uniform numbers, rounded up."""


def fade(wave, max_fraction=0.5, generator=None):
    batch, time = wave.shape
    u = torch.rand(4, batch, generator=generator)
    n_in = torch.ceil(u[0] * u[1] ** 0.5 * max_fraction * time).unsqueeze(1)
    n_out = torch.ceil(u[2] * u[3] ** 0.5 * max_fraction * time).unsqueeze(1)
    i = torch.arange(time).unsqueeze(0)
    gain = torch.ones(batch, time, dtype=wave.dtype)
    gain = torch.where(i < n_in, (i / n_in).to(wave.dtype), gain)
    j = time - 1 - i
    return wave * torch.where(j < n_out, gain * (j / n_out).to(wave.dtype), gain)
