"""Lengths from one sample to one short of the greatest; the last sample is never masked."""


def time_mask(wave, max_fraction=0.125, generator=None):
    batch, time = wave.shape
    high = max(2, int(max_fraction * time))
    length = torch.randint(1, high, (batch, 1), generator=generator)
    start = (torch.rand(batch, 1, generator=generator) * (time - 1 - length)).long()
    t = torch.arange(time).view(1, -1)
    return wave.clone().masked_fill_((t - start >= 0) & (t - start < length), 0)
