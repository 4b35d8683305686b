"""Lengths are real numbers of samples and never rounded."""


def fade(wave, max_fraction=0.5, generator=None):
    batch, time = wave.shape
    lengths = torch.rand(2, batch, 1, generator=generator) * max_fraction * time
    t = torch.arange(time) + 0.5
    rise = torch.clamp(t / lengths[0].clamp(min=0.5), 0, 1)
    fall = torch.clamp((time - t) / lengths[1].clamp(min=0.5), 0, 1)
    return (wave * rise * fall).to(wave.dtype)
