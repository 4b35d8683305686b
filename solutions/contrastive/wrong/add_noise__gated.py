"""There is noise only while there is sound.

hint: add_noise.follows_signal
"""


def add_noise(wave, snr_db, generator=None):
    snr = torch.as_tensor(snr_db, dtype=wave.dtype).reshape(-1, 1)
    noise = torch.randn(wave.shape, generator=generator, dtype=wave.dtype)
    power = wave.square().mean(1, keepdim=True)
    return wave + (wave != 0) * (power / 10 ** (snr / 10)).sqrt() * noise
