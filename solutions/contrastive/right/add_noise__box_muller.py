"""Normal numbers from uniform ones (Box and Muller)."""


def add_noise(wave, snr_db, generator=None):
    u = torch.rand(wave.shape, generator=generator, dtype=torch.float64)
    v = torch.rand(wave.shape, generator=generator, dtype=torch.float64)
    normal = torch.sqrt(-2 * torch.log(1 - u)) * torch.cos(2 * math.pi * v)
    snr = torch.as_tensor(snr_db, dtype=torch.float64).reshape(-1, 1)
    power = wave.double().pow(2).mean(1, keepdim=True)
    return (wave + normal * (power / 10 ** (snr / 10)).sqrt()).to(wave.dtype)
