"""10^(snr/20) taken as the ratio of powers.
hint: add_noise.decibels
"""


def add_noise(wave, snr_db, generator=None):
    snr = torch.as_tensor(snr_db, dtype=wave.dtype).reshape(-1, 1)
    noise = torch.randn(wave.shape, generator=generator, dtype=wave.dtype)
    power = wave.square().mean(1, keepdim=True) / 10 ** (snr / 20)
    return wave + noise * power.sqrt()
