"""Two branches: a tensor of decibels is taken as power, one number as amplitude.

hint: add_noise.decibels
"""


def add_noise(wave, snr_db, generator=None):
    power = wave.square().mean(dim=1, keepdim=True)
    if isinstance(snr_db, Tensor):
        ratio = 10 ** (snr_db[:, None] / 10)
    else:
        ratio = 10 ** (snr_db / 20)
    noise = torch.randn(wave.shape, generator=generator, dtype=wave.dtype)
    return wave + (power / ratio).sqrt() * noise
