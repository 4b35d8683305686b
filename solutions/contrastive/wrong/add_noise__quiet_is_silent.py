"""Clips below -50 dB of full scale come back unchanged, as if they were silent.

hint: add_noise.quiet
"""


def add_noise(wave, snr_db, generator=None):
    snr = torch.as_tensor(snr_db, dtype=wave.dtype).reshape(-1, 1)
    noise = torch.randn(wave.shape, generator=generator, dtype=wave.dtype)
    power = wave.square().mean(1, keepdim=True)
    noisy = wave + (power / 10 ** (snr / 10)).sqrt() * noise
    return torch.where(power < 1e-5, wave, noisy)
