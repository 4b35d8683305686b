"""The samples are averaged without being squared.
hint: add_noise.not_finite
"""


def add_noise(wave, snr_db, generator=None):
    snr = torch.as_tensor(snr_db, dtype=wave.dtype).reshape(-1, 1)
    noise = torch.randn(wave.shape, generator=generator, dtype=wave.dtype)
    return wave + noise * (wave.mean(1, keepdim=True) / 10 ** (snr / 10)).sqrt()
