"""A silent clip divides zero by zero.
hint: add_noise.silent_not_finite
"""


def add_noise(wave, snr_db, generator=None):
    snr = torch.as_tensor(snr_db, dtype=wave.dtype).reshape(-1, 1)
    noise = torch.randn(wave.shape, generator=generator, dtype=wave.dtype)
    wanted = wave.square().mean(1, keepdim=True) / 10 ** (snr / 10)
    now = wave.square().mean(1, keepdim=True) / noise.square().mean(1, keepdim=True)
    return wave + noise * (wanted / now).sqrt() * wave.square().mean(1, keepdim=True).sqrt() / (
        noise.square().mean(1, keepdim=True).sqrt()
    )
