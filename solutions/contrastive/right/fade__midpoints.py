"""Ramps through the midpoints of equal steps."""


def fade(wave, max_fraction=0.5, generator=None):
    gain = torch.ones_like(wave)
    time = wave.shape[-1]
    for row in gain:
        n, m = torch.randint(int(max_fraction * time) + 1, (2,), generator=generator).tolist()
        if n > 0:
            row[:n] *= (torch.arange(n) + 0.5) / n
        if m > 0:
            row[-m:] *= 1 - (torch.arange(m) + 0.5) / m
    return gain * wave
