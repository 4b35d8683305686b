"""From 30 dB on a clip counts as clean and gets no noise.

hint: add_noise.extreme_decibels
"""


def add_noise(wave, snr_db, generator=None):
    snr = torch.as_tensor(snr_db, dtype=wave.dtype).expand(len(wave))[:, None]
    scale = (wave.pow(2).mean(1, keepdim=True) / 10 ** (snr / 10)).sqrt()
    noise = scale * torch.randn(wave.shape, dtype=wave.dtype, generator=generator)
    return torch.where(snr < 30, wave + noise, wave)
