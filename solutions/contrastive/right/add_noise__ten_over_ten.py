"""Noise of power 1 is scaled clip by clip in a loop."""


def add_noise(wave, snr_db, generator=None):
    batch = wave.size(0)
    ratio = torch.pow(torch.tensor(10.0, dtype=wave.dtype), torch.as_tensor(snr_db) / 10)
    ratio = ratio.to(wave.dtype).reshape(-1).expand(batch)
    noise = torch.zeros_like(wave)
    for b in range(batch):
        white = torch.randn(wave.size(1), generator=generator, dtype=wave.dtype)
        noise[b] = white * wave[b].norm() / math.sqrt(wave.size(1)) / ratio[b].sqrt()
    return noise.add(wave)
