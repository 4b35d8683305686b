"""10^(snr/10) taken as the ratio of amplitudes.
hint: add_noise.decibels
"""


def add_noise(wave, snr_db, generator=None):
    snr = torch.as_tensor(snr_db, dtype=wave.dtype).reshape(-1, 1)
    noise = torch.randn(wave.shape, generator=generator, dtype=wave.dtype)
    rms = wave.square().mean(1, keepdim=True).sqrt()
    return wave + noise * rms / 10 ** (snr / 10)
