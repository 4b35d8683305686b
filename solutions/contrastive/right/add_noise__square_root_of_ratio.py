"""Everything in float64, by way of amplitudes."""


def add_noise(wave, snr_db, generator=None):
    clean = wave.double()
    level = torch.as_tensor(snr_db, dtype=torch.float64).reshape(-1, 1)
    loudness = torch.linalg.vector_norm(clean, dim=1, keepdim=True) / math.sqrt(wave.shape[1])
    hiss = torch.randn(wave.shape, generator=generator, dtype=torch.float64)
    return (clean + hiss * loudness * 10 ** (-level / 20)).to(wave.dtype)
