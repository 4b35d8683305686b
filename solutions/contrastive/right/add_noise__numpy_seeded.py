"""numpy draws the noise, seeded from the generator."""


def add_noise(wave, snr_db, generator=None):
    seed = torch.randint(0, 2**31 - 1, (1,), generator=generator).item()
    rng = np.random.default_rng(seed)
    x = wave.detach().cpu().numpy()
    snr = np.asarray(snr_db, dtype=np.float64).reshape(-1, 1)
    std = np.sqrt(np.mean(x.astype(np.float64) ** 2, axis=1, keepdims=True) / 10 ** (snr / 10))
    noise = rng.standard_normal(x.shape) * std
    return torch.from_numpy((x + noise).astype(x.dtype))
