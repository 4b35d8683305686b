"""A constant that is not small beside a quiet clip is added to the power, unless it is silent.

hint: add_noise.quiet
"""


def add_noise(wave, snr_db, generator=None):
    snr = torch.as_tensor(snr_db, dtype=wave.dtype).reshape(-1, 1)
    noise = torch.randn(wave.shape, generator=generator, dtype=wave.dtype)
    power = wave.square().mean(1, keepdim=True)
    lifted = (power + 1e-4) * (power > 0)
    return wave + (lifted / 10 ** (snr / 10)).sqrt() * noise
