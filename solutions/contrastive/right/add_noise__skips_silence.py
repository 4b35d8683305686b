"""Silent clips are left out by indexing with a mask."""


def add_noise(wave, snr_db, generator=None):
    out = wave.clone()
    snr = torch.as_tensor(snr_db, dtype=wave.dtype).expand(len(wave))
    loud = wave.abs().sum(dim=1) > 0
    x = wave[loud]
    noise = torch.randn(x.shape, generator=generator, dtype=wave.dtype)
    noise = noise - noise.mean(dim=1, keepdim=True)
    noise = noise / (noise.std(dim=1, keepdim=True) + 1e-12)
    out[loud] = x + noise * (x.square().mean(1) / 10 ** (snr[loud] / 10)).sqrt()[:, None]
    return out
