"""The mean absolute value instead of the root mean square.
hint: add_noise.mean_amplitude
"""


def add_noise(wave, snr_db, generator=None):
    snr = torch.as_tensor(snr_db, dtype=wave.dtype).reshape(-1, 1)
    noise = torch.randn(wave.shape, generator=generator, dtype=wave.dtype)
    return wave + noise * wave.abs().mean(dim=1, keepdim=True) * 10 ** (-snr / 20)
