"""Long and short fades are likelier than middling ones; gains in float64."""


def fade(wave, max_fraction=0.5, generator=None):
    batch, time = wave.shape
    u = torch.rand(2, batch, 1, generator=generator, dtype=torch.float64)
    n, m = (torch.sin(math.pi / 2 * u) ** 2 * int(max_fraction * time)).floor()
    t = torch.arange(time, dtype=torch.float64)
    up = torch.where(t < n, t / n.clamp(min=1), 1.0)
    down = torch.where(time - 1 - t < m, (time - 1 - t) / m.clamp(min=1), 1.0)
    return (wave.double() * torch.minimum(up, down)).to(wave.dtype)
