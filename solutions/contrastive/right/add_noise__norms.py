"""Vector norms: the noise is a unit vector made as long as the signal asks for."""


def add_noise(wave, snr_db, generator=None):
    snr = torch.as_tensor(snr_db, dtype=wave.dtype, device=wave.device)
    snr = snr.expand(wave.shape[0]).unsqueeze(1)
    direction = F.normalize(
        torch.randn(wave.shape, generator=generator, dtype=wave.dtype, device=wave.device), dim=1
    )
    length = torch.linalg.vector_norm(wave, dim=1, keepdim=True) / 10 ** (snr / 20)
    return wave + direction * length
