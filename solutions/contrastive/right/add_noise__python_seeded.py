"""Python's random draws every sample, seeded from the generator with a small number."""


def add_noise(wave, snr_db, generator=None):
    rng = random.Random(int(torch.randint(0, 10000, (), generator=generator)))
    batch, time = wave.shape
    noise = torch.tensor([[rng.gauss(0, 1) for _ in range(time)] for _ in range(batch)])
    snr_db = snr_db[:, None] if torch.is_tensor(snr_db) else snr_db
    power = (wave * wave).sum(1, keepdim=True) / time
    return wave + noise.to(wave.dtype) * (power * 10 ** (-snr_db / 10)) ** 0.5
