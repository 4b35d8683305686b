"""The signal is multiplied by noise, which falls silent where the signal does.
hint: add_noise.follows_signal
"""


def add_noise(wave, snr_db, generator=None):
    snr = torch.as_tensor(snr_db, dtype=wave.dtype).reshape(-1, 1)
    noise = torch.randn(wave.shape, generator=generator, dtype=wave.dtype)
    return wave * (1 + noise * 10 ** (-snr / 20))
