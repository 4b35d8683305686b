"""A clone is filled row by row, silent rows are skipped."""


def add_noise(wave, snr_db, generator=None):
    out = wave.clone()
    snr_db = torch.as_tensor(snr_db).expand(wave.shape[0])
    for i in range(wave.shape[0]):
        power = wave[i].square().mean()
        if power == 0:
            continue
        noise = torch.randn(wave.shape[1], generator=generator, dtype=wave.dtype)
        out[i] += noise * torch.sqrt(power * torch.pow(10.0, -snr_db[i] / 10)).to(wave.dtype)
    return out
