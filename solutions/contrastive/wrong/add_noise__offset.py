"""One random number for each clip.
hint: add_noise.constant
"""


def add_noise(wave, snr_db, generator=None):
    snr = torch.as_tensor(snr_db, dtype=wave.dtype).reshape(-1, 1)
    sign = torch.randn(len(wave), 1, generator=generator, dtype=wave.dtype).sign()
    return wave + sign * (wave.square().mean(1, keepdim=True) / 10 ** (snr / 10)).sqrt()
