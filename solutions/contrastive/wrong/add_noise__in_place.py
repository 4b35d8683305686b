"""The noise is added to the caller's clips.
hint: add_noise.modifies_input
"""


def add_noise(wave, snr_db, generator=None):
    snr = torch.as_tensor(snr_db, dtype=wave.dtype).reshape(-1, 1)
    noise = torch.randn(wave.shape, generator=generator, dtype=wave.dtype)
    wave += noise * (wave.square().mean(1, keepdim=True) / 10 ** (snr / 10)).sqrt()
    return wave
