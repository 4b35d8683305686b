"""Decibels below zero are taken for zero.

hint: add_noise.extreme_decibels
"""


def add_noise(wave, snr_db, generator=None):
    snr = torch.as_tensor(snr_db, dtype=wave.dtype).reshape(-1, 1).clamp(min=0)
    scale = (wave.pow(2).mean(1, keepdim=True) * 10 ** (-snr / 10)).sqrt()
    return wave + scale * torch.randn(wave.shape, dtype=wave.dtype, generator=generator)
