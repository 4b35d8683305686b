"""Ramps i/n, the smaller gain where they overlap."""


def fade(wave, max_fraction=0.5, generator=None):
    batch, time = wave.shape
    n = (torch.rand(batch, 2, 1, generator=generator) * (max_fraction * time + 1)).long()
    t = torch.arange(time)
    up = (t / n[:, 0].clamp(min=1)).clamp(max=1)
    down = ((time - 1 - t) / n[:, 1].clamp(min=1)).clamp(max=1)
    return wave * torch.minimum(up, down).to(wave.dtype)
