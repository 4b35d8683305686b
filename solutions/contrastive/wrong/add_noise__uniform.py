"""Uniform noise of the right power.
hint: add_noise.gaussian
"""


def add_noise(wave, snr_db, generator=None):
    snr = torch.as_tensor(snr_db, dtype=wave.dtype).reshape(-1, 1)
    noise = torch.rand(wave.shape, generator=generator, dtype=wave.dtype) * 2 - 1
    std = (wave.square().mean(1, keepdim=True) / 10 ** (snr / 10)).sqrt()
    return wave + noise * math.sqrt(3) * std
