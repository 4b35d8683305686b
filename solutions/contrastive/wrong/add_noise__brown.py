"""The noise is accumulated over time and is not white.
hint: add_noise.white
"""


def add_noise(wave, snr_db, generator=None):
    snr = torch.as_tensor(snr_db, dtype=wave.dtype).reshape(-1, 1)
    noise = torch.randn(wave.shape, generator=generator, dtype=wave.dtype)
    noise = noise + noise.roll(1, dims=1)
    noise = noise / noise.square().mean(1, keepdim=True).sqrt()
    return wave + noise * (wave.square().mean(1, keepdim=True) / 10 ** (snr / 10)).sqrt()
