"""Each clip has a generator of its own, seeded from the one given."""


def add_noise(wave, snr_db, generator=None):
    seeds = torch.randint(2**40, (len(wave),), generator=generator).tolist()
    rows = [
        torch.randn(wave.shape[1], generator=torch.Generator().manual_seed(seed), dtype=wave.dtype)
        for seed in seeds
    ]
    snr = torch.as_tensor(snr_db, dtype=wave.dtype).broadcast_to((len(wave),))
    std = torch.einsum("bt,bt->b", wave, wave).div(wave.shape[1]).div(10 ** (snr / 10)).sqrt()
    return torch.addcmul(wave, std[:, None], torch.stack(rows))
