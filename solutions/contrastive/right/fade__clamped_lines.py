"""Lines through fractional lengths, cut off at 1 by torch.minimum."""


def fade(wave, max_fraction=0.5, generator=None):
    batch, time = wave.shape
    lengths = torch.rand((batch, 2), generator=generator, dtype=torch.float64)
    lengths = (lengths * max_fraction * time).clamp(min=1e-6)
    t = torch.arange(time, dtype=torch.float64)
    one = torch.ones((), dtype=torch.float64)
    gain = torch.minimum(t / lengths[:, :1], one)
    gain = torch.minimum(gain, (time - 1 - t) / lengths[:, 1:])
    return (wave * gain).to(wave.dtype)
