"""torch.where with real-valued bounds that are never rounded."""


def time_mask(wave, max_fraction=0.125, generator=None):
    batch, time = wave.shape
    length = torch.rand(batch, 1, generator=generator) * max_fraction * time
    start = torch.rand(batch, 1, generator=generator) * (time - length)
    t = torch.arange(time, device=wave.device).expand(batch, time)
    inside = torch.logical_and(t >= start, t < start + length)
    return torch.where(inside, torch.zeros_like(wave), wave)
