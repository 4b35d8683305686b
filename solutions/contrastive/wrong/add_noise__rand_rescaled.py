"""Noise from rand, rescaled to the right power but never negative.
hint: add_noise.gaussian
"""


def add_noise(wave, snr_db, generator=None):
    snr = torch.as_tensor(snr_db, dtype=wave.dtype).reshape(-1, 1)
    noise = torch.rand(wave.shape, generator=generator, dtype=wave.dtype)
    noise = noise / noise.square().mean(1, keepdim=True).sqrt()
    return wave + noise * (wave.square().mean(1, keepdim=True) / 10 ** (snr / 10)).sqrt()
