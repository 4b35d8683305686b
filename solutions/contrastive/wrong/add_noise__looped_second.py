"""A second of noise at 8 kHz is drawn and laid end to end in longer clips.

hint: add_noise.looped
"""


def add_noise(wave, snr_db, generator=None):
    batch, time = wave.shape
    second = torch.randn(batch, 8000, generator=generator, dtype=wave.dtype)
    noise = second.repeat(1, -(-time // 8000))[:, :time]
    ratio = 10 ** (torch.as_tensor(snr_db, dtype=wave.dtype).reshape(-1, 1) / 10)
    return wave + noise * (wave.square().mean(1, keepdim=True) / ratio).sqrt()
