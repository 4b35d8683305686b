"""torch.normal with a matrix of standard deviations, and a tiny power floor."""


def add_noise(wave, snr_db, generator=None):
    snr = snr_db if isinstance(snr_db, (int, float)) else snr_db[:, None]
    power = torch.clamp((wave**2).mean(dim=-1, keepdim=True), min=1e-12)
    std = torch.sqrt(power / (10.0 ** (snr / 10.0))).expand_as(wave)
    return wave + torch.normal(torch.zeros_like(wave), std, generator=generator)
