"""A numpy array comes back.
hint: add_noise.not_a_tensor
"""


def add_noise(wave, snr_db, generator=None):
    snr = torch.as_tensor(snr_db, dtype=wave.dtype).reshape(-1, 1)
    noise = torch.randn(wave.shape, generator=generator, dtype=wave.dtype)
    std = (wave.square().mean(1, keepdim=True) / 10 ** (snr / 10)).sqrt()
    return (wave + std * noise).numpy()
