"""The caller's tensor of decibels is turned into ratios.
hint: add_noise.modifies_input
"""


def add_noise(wave, snr_db, generator=None):
    snr = torch.as_tensor(snr_db, dtype=wave.dtype)
    snr /= -20
    noise = torch.randn(wave.shape, generator=generator, dtype=wave.dtype)
    return wave + noise * wave.square().mean(1, keepdim=True).sqrt() * 10 ** snr.reshape(-1, 1)
