"""Every normal number is the sum of twelve uniform ones."""


def add_noise(wave, snr_db, generator=None):
    normal = (
        sum(torch.rand(wave.shape, generator=generator, dtype=wave.dtype) for _ in range(12)) - 6
    )
    snr = torch.as_tensor(snr_db, dtype=wave.dtype).reshape(-1, 1)
    return wave + normal * (wave.pow(2).mean(1, True) * 10 ** (-snr / 10)).sqrt()
