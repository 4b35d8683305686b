"""The noise is added twice.
hint: add_noise.factor
"""


def add_noise(wave, snr_db, generator=None):
    snr = torch.as_tensor(snr_db, dtype=wave.dtype).reshape(-1, 1)
    noise = torch.randn(wave.shape, generator=generator, dtype=wave.dtype)
    noise = noise * (wave.square().mean(1, keepdim=True) / 10 ** (snr / 10)).sqrt()
    noisy = wave + noise
    return noisy + noise
