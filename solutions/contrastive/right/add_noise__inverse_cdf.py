"""Gaussian numbers by the inverse of their distribution."""


def add_noise(wave, snr_db, generator=None):
    uniform = torch.rand(wave.shape, generator=generator, dtype=torch.float64)
    noise = (torch.erfinv(2 * uniform.clamp(1e-12, 1 - 1e-12) - 1) * math.sqrt(2)).to(wave.dtype)
    db = torch.as_tensor(snr_db).to(wave.dtype).view(-1, 1)
    variance = torch.mean(wave**2, -1, True) * torch.pow(10.0, -db / 10)
    return torch.addcmul(wave, noise, variance.sqrt())
