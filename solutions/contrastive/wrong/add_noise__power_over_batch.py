"""The power is averaged over the batch axis.
hint: add_noise.batch_power
"""


def add_noise(wave, snr_db, generator=None):
    snr = torch.as_tensor(snr_db, dtype=wave.dtype).reshape(-1, 1)
    noise = torch.randn(wave.shape, generator=generator, dtype=wave.dtype)
    power = (wave**2).mean(dim=0, keepdim=True) / 10 ** (snr / 10)
    return wave + noise * power.sqrt()
