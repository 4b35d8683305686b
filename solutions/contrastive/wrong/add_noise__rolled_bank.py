"""One long noise for the batch; each clip hears it from a random place of its own.

hint: add_noise.shared_noise
"""


def add_noise(wave, snr_db, generator=None):
    batch, time = wave.shape
    bank = torch.randn(4 * time, generator=generator, dtype=wave.dtype)
    start = torch.randint(0, 3 * time, (batch, 1), generator=generator)
    noise = bank[start + torch.arange(time)]
    ratio = 10 ** (torch.as_tensor(snr_db, dtype=wave.dtype).reshape(-1, 1) / 10)
    return wave + noise * (wave.square().mean(1, keepdim=True) / ratio).sqrt()
