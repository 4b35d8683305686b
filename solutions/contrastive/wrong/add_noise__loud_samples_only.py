"""The power is the mean over samples that can be heard, so pauses make noise louder.

hint: add_noise.active
"""


def add_noise(wave, snr_db, generator=None):
    snr = torch.as_tensor(snr_db, dtype=wave.dtype).reshape(-1, 1)
    noise = torch.randn(wave.shape, generator=generator, dtype=wave.dtype)
    heard = wave.abs() > 0.01 * wave.abs().amax(dim=1, keepdim=True)
    power = (wave.square() * heard).sum(1, keepdim=True) / heard.sum(1, keepdim=True).clamp(min=1)
    return wave + (power / 10 ** (snr / 10)).sqrt() * noise
