"""The noise is a random walk, scaled to the power.

hint: add_noise.white
"""


def add_noise(wave, snr_db, generator=None):
    snr = torch.as_tensor(snr_db, dtype=wave.dtype).reshape(-1, 1)
    noise = torch.randn(wave.shape, generator=generator, dtype=wave.dtype)
    noise = noise.cumsum(1)
    noise = noise / noise.square().mean(1, keepdim=True).sqrt()
    return wave + noise * (wave.square().mean(1, keepdim=True) / 10 ** (snr / 10)).sqrt()
