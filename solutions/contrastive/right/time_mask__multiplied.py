"""Ones and zeros are multiplied with the clips; integers by scaling uniform numbers."""


def time_mask(wave, max_fraction=0.125, generator=None):
    batch, time = wave.shape
    u = torch.rand(batch, 2, generator=generator)
    length = (u[:, 0] * max_fraction * time).round().long()
    start = (u[:, 1] * (time - length)).round().long()
    t = torch.arange(time)[None]
    keep = (t < start[:, None]) | (t >= (start + length)[:, None])
    return wave * keep.to(wave.dtype)
