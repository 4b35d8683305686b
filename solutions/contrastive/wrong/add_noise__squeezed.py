"""Squeezed without naming an axis, so a batch of one loses its only axis.

hint: add_noise.any_size
"""


def add_noise(wave, snr_db, generator=None):
    power = wave.square().mean(dim=1, keepdim=True).squeeze()
    snr_db = torch.as_tensor(snr_db, dtype=wave.dtype).expand(power.shape)
    scale = (power / 10 ** (snr_db / 10)).sqrt()
    noise = torch.randn(wave.shape, generator=generator, dtype=wave.dtype)
    return wave + scale[:, None] * noise
