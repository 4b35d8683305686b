"""Multiplied by the ratio instead of divided.
hint: add_noise.sign
"""


def add_noise(wave, snr_db, generator=None):
    snr = torch.as_tensor(snr_db, dtype=wave.dtype).reshape(-1, 1)
    noise = torch.randn(wave.shape, generator=generator, dtype=wave.dtype)
    power = wave.square().mean(1, keepdim=True) * 10 ** (snr / 10)
    return wave + noise * power.sqrt()
