"""A floor under the signal power gives silent clips audible noise.
hint: add_noise.silent_noise
"""


def add_noise(wave, snr_db, generator=None):
    snr = torch.as_tensor(snr_db, dtype=wave.dtype).reshape(-1, 1)
    noise = torch.randn(wave.shape, generator=generator, dtype=wave.dtype)
    power = wave.square().mean(1, keepdim=True).clamp(min=1e-6)
    return wave + noise * (power / 10 ** (snr / 10)).sqrt()
