"""The global source is seeded with a constant.
hint: add_noise.fixed_seed
"""


def add_noise(wave, snr_db, generator=None):
    torch.manual_seed(0)
    snr = torch.as_tensor(snr_db, dtype=wave.dtype).reshape(-1, 1)
    power = wave.square().mean(1, keepdim=True)
    return wave + torch.randn_like(wave) * (power / 10 ** (snr / 10)).sqrt()
