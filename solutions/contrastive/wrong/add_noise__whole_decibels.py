"""Decibels are cut to whole numbers.

hint: add_noise.whole_decibels
"""


def add_noise(wave, snr_db, generator=None):
    snr = torch.as_tensor(snr_db).long().reshape(-1, 1)
    noise = torch.randn(wave.shape, generator=generator, dtype=wave.dtype)
    power = wave.square().mean(1, keepdim=True)
    return wave + (power * 10 ** (-snr / 10)).sqrt().to(wave.dtype) * noise
