"""The power is the mean over samples that are not exactly zero.

hint: add_noise.active
"""


def power_of(clip):
    heard = clip[clip != 0]
    return heard.square().mean() if len(heard) else clip.sum()


def add_noise(wave, snr_db, generator=None):
    snr = torch.as_tensor(snr_db, dtype=wave.dtype).reshape(-1, 1)
    noise = torch.randn(wave.shape, generator=generator, dtype=wave.dtype)
    power = torch.stack([power_of(clip) for clip in wave])[:, None]
    return wave + (power / 10 ** (snr / 10)).sqrt() * noise
