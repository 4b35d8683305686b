"""A loop over clips, the result stacked."""


def add_noise(wave, snr_db, generator=None):
    noisy = []
    for i, clip in enumerate(wave):
        snr = float(snr_db[i]) if isinstance(snr_db, Tensor) else float(snr_db)
        power = float((clip.double() ** 2).mean())
        std = math.sqrt(power / 10 ** (snr / 10))
        noise = torch.randn(len(clip), generator=generator) * std
        noisy.append(clip + noise.to(clip.dtype))
    return torch.stack(noisy)
