"""The length is the mean of two uniform numbers; the centre is drawn, then moved to fit."""


def time_mask(wave, max_fraction=0.125, generator=None):
    batch, time = wave.shape
    longest = max_fraction * time
    length = (torch.rand(2, batch, generator=generator).mean(0) * longest).long()
    centre = (torch.rand(batch, generator=generator) * time).long()
    start = torch.minimum((centre - length // 2).clamp(min=0), time - length)
    positions = torch.arange(time).repeat(batch, 1)
    mask = (positions >= start.unsqueeze(1)) & (positions < (start + length).unsqueeze(1))
    out = wave.clone()
    out[mask] = 0
    return out
