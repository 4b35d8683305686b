"""The noise's standard deviation from the signal's root mean square, 20 dB per decade."""


def add_noise(wave, snr_db, generator=None):
    if torch.is_tensor(snr_db):
        snr_db = snr_db.unsqueeze(1)
    rms = wave.pow(2).mean(-1, keepdim=True).sqrt()
    sigma = rms * 10 ** (-snr_db / 20)
    noise = torch.empty_like(wave).normal_(generator=generator)
    return wave + sigma * noise
