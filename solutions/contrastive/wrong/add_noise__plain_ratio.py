"""The decibels are taken as the ratio itself.
hint: add_noise.not_decibels
"""


def add_noise(wave, snr_db, generator=None):
    snr = torch.as_tensor(snr_db, dtype=wave.dtype).reshape(-1, 1).abs()
    noise = torch.randn(wave.shape, generator=generator, dtype=wave.dtype)
    return wave + noise * (wave.square().mean(1, keepdim=True) / snr.clamp(min=1)).sqrt()
