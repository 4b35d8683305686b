"""The energy, a sum, instead of the mean power.
hint: add_noise.sum
"""


def add_noise(wave, snr_db, generator=None):
    snr = torch.as_tensor(snr_db, dtype=wave.dtype).reshape(-1, 1)
    noise = torch.randn(wave.shape, generator=generator, dtype=wave.dtype)
    return wave + noise * wave.norm(dim=1, keepdim=True) * 10 ** (-snr / 20)
