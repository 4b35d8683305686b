"""Noise of one level, as if every clip had power 1.
hint: add_noise.ignores_level
"""


def add_noise(wave, snr_db, generator=None):
    snr = torch.as_tensor(snr_db, dtype=wave.dtype).reshape(-1, 1)
    noise = torch.randn(wave.shape, generator=generator, dtype=wave.dtype)
    loud = (wave != 0).any(dim=1, keepdim=True)
    return wave + loud * noise * 10 ** (-snr / 20)
