"""The result is normalised to a peak of 1.
hint: add_noise.rescaled
"""


def add_noise(wave, snr_db, generator=None):
    snr = torch.as_tensor(snr_db, dtype=wave.dtype).reshape(-1, 1)
    noise = torch.randn(wave.shape, generator=generator, dtype=wave.dtype)
    std = (wave.square().mean(1, keepdim=True) / 10 ** (snr / 10)).sqrt()
    noisy = wave + std * noise
    return noisy / noisy.abs().amax(dim=1, keepdim=True).clamp(min=1e-9)
