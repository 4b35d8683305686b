"""torchaudio scales the noise; silent clips, where it would divide by zero, are put back."""


def add_noise(wave, snr_db, generator=None):
    noise = torch.randn(wave.shape, generator=generator, dtype=wave.dtype)
    snr = torch.full((wave.shape[0],), snr_db) if isinstance(snr_db, float) else snr_db
    noisy = torchaudio.functional.add_noise(wave, noise, snr.to(wave.dtype))
    silent = wave.abs().amax(dim=1, keepdim=True) == 0
    return torch.where(silent, wave, noisy)
