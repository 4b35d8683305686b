"""One number of decibels for the batch: the mean of those given.
hint: add_noise.one_snr
"""


def add_noise(wave, snr_db, generator=None):
    snr = torch.as_tensor(snr_db, dtype=wave.dtype).mean()
    noise = torch.randn(wave.shape, generator=generator, dtype=wave.dtype)
    return wave + noise * (wave.square().mean(1, keepdim=True) / 10 ** (snr / 10)).sqrt()
