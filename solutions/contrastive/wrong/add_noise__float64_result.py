"""numpy's float64 noise makes the result float64.
hint: add_noise.dtype
"""


def add_noise(wave, snr_db, generator=None):
    seed = int(torch.randint(2**31, (1,), generator=generator))
    noise = torch.from_numpy(np.random.default_rng(seed).normal(size=tuple(wave.shape)))
    snr = torch.as_tensor(snr_db, dtype=wave.dtype).reshape(-1, 1)
    return wave + noise * (wave.square().mean(1, keepdim=True) / 10 ** (snr / 10)).sqrt()
