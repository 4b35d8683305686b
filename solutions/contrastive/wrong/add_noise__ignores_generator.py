"""randn_like knows nothing of the generator.
hint: add_noise.ignores_generator
"""


def add_noise(wave, snr_db, generator=None):
    snr = torch.as_tensor(snr_db, dtype=wave.dtype).reshape(-1, 1)
    power = wave.square().mean(1, keepdim=True)
    return wave + torch.randn_like(wave) * (power / 10 ** (snr / 10)).sqrt()
