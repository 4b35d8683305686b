"""The signal's power stands for its amplitude in an amplitude ratio.
hint: add_noise.power_as_amplitude
"""


def add_noise(wave, snr_db, generator=None):
    snr = torch.as_tensor(snr_db, dtype=wave.dtype).reshape(-1, 1)
    noise = torch.randn(wave.shape, generator=generator, dtype=wave.dtype)
    return wave + noise * (wave**2).mean(1, keepdim=True) / 10 ** (snr / 20)
