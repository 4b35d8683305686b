"""The clip's standard deviation, which leaves its offset out.
hint: add_noise.variance
"""


def add_noise(wave, snr_db, generator=None):
    snr = torch.as_tensor(snr_db, dtype=wave.dtype).reshape(-1, 1)
    noise = torch.randn(wave.shape, generator=generator, dtype=wave.dtype)
    return wave + noise * wave.std(dim=1, keepdim=True) * 10 ** (-snr / 20)
