"""The noise is rescaled to hit the ratio exactly."""


def add_noise(wave, snr_db, generator=None):
    noise = torch.randn(wave.shape, generator=generator, dtype=wave.dtype)
    p_signal = (wave**2).mean(dim=1, keepdim=True)
    p_noise = (noise**2).mean(dim=1, keepdim=True)
    if not isinstance(snr_db, float):
        snr_db = snr_db.view(-1, 1)
    ratio = 10 ** (snr_db / 10)
    scale = torch.sqrt(p_signal / (ratio * p_noise))
    return wave + scale * noise
