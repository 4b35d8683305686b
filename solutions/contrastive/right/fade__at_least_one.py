"""Lengths from one sample on, and float64 inside."""


def fade(wave, max_fraction=0.5, generator=None):
    batch, time = wave.shape
    longest = max(1, math.floor(max_fraction * time))
    n = torch.randint(1, longest + 1, (batch, 2), generator=generator).double()
    t = torch.arange(time, dtype=torch.float64).expand(batch, -1)
    rise = t.div(n[:, :1]).clamp(0, 1)
    fall = t.flip(-1).div(n[:, 1:]).clamp(0, 1)
    return (wave.double() * rise * fall).type_as(wave)
