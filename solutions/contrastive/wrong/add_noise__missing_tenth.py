"""10^snr: decibels taken for bels.
hint: add_noise.not_decibels
"""


def add_noise(wave, snr_db, generator=None):
    snr = torch.as_tensor(snr_db, dtype=wave.dtype).reshape(-1, 1)
    noise = torch.randn(wave.shape, generator=generator, dtype=wave.dtype)
    return wave + noise * (wave.square().mean(1, keepdim=True) / 10**snr).sqrt()
