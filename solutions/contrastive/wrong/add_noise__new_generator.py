"""Without a generator a new one is made, which always starts from the same seed.
hint: add_noise.default_generator
"""


def add_noise(wave, snr_db, generator=None):
    generator = generator or torch.Generator()
    snr = torch.as_tensor(snr_db, dtype=wave.dtype).reshape(-1, 1)
    noise = torch.randn(wave.shape, generator=generator, dtype=wave.dtype)
    return wave + noise * (wave.square().mean(1, keepdim=True) / 10 ** (snr / 10)).sqrt()
