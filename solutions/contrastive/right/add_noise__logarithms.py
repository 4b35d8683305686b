"""Everything in decibels, a floor keeps the logarithm of silence finite."""


def to_decibels(power):
    return 10 * torch.log10(power.clamp(min=1e-20))


def from_decibels(level):
    return 10 ** (level / 10)


def add_noise(wave, snr_db, generator=None):
    if torch.is_tensor(snr_db):
        snr_db = snr_db.reshape(-1, 1)
    level = to_decibels(wave.double().square().mean(dim=1, keepdim=True)) - snr_db
    noise = torch.randn(wave.shape, generator=generator, dtype=torch.float64)
    return (wave.double() + from_decibels(level).sqrt() * noise).to(wave.dtype)
