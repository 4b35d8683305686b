"""Every second call adds noise, the others do not.

hint: add_noise.sometimes
"""


def add_noise(wave, snr_db, generator=None):
    snr = torch.as_tensor(snr_db, dtype=wave.dtype).reshape(-1, 1)
    noise = torch.randn(wave.shape, generator=generator, dtype=wave.dtype)
    power = wave.square().mean(1, keepdim=True)
    toss = torch.rand(1, generator=generator, dtype=wave.dtype) < 0.5
    return wave + toss * (power / 10 ** (snr / 10)).sqrt() * noise
