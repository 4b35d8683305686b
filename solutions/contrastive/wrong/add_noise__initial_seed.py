"""The generator's first seed is used at every call.
hint: add_noise.restarts_generator
"""


def add_noise(wave, snr_db, generator=None):
    if generator is not None:
        torch.manual_seed(generator.initial_seed())
    snr = torch.as_tensor(snr_db, dtype=wave.dtype).reshape(-1, 1)
    power = wave.square().mean(1, keepdim=True)
    return wave + torch.randn_like(wave) * (power / 10 ** (snr / 10)).sqrt()
