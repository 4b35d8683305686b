"""The global source is seeded from the generator."""


def add_noise(wave, snr_db, generator=None):
    if generator is not None:
        torch.manual_seed(torch.randint(2**31, (1,), generator=generator).item())
    noise = torch.randn_like(wave)
    snr_db = torch.as_tensor(snr_db, dtype=wave.dtype)
    if snr_db.ndim == 0:
        snr_db = snr_db.repeat(len(wave))
    linear = torch.pow(10, snr_db / 10)
    std = ((wave**2).mean(dim=1) / linear).sqrt()
    return wave + std.unsqueeze(-1) * noise
