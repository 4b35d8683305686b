"""Half of the clips get noise of their own, the others get it again.

hint: add_noise.shared_noise
"""


def add_noise(wave, snr_db, generator=None):
    snr = torch.as_tensor(snr_db, dtype=wave.dtype).reshape(-1, 1)
    half = (len(wave) + 1) // 2
    noise = torch.randn(half, wave.shape[1], generator=generator, dtype=wave.dtype)
    noise = torch.cat([noise, noise])[: len(wave)]
    return wave + noise * (wave.square().mean(1, keepdim=True) / 10 ** (snr / 10)).sqrt()
