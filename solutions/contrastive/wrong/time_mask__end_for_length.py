"""Start and end are two random samples in order, so lengths have no limit.
hint: time_mask.too_long
"""


def time_mask(wave, max_fraction=0.125, generator=None):
    batch, time = wave.shape
    bounds = torch.randint(0, time, (batch, 2), generator=generator).sort(dim=1).values
    t = torch.arange(time)
    return wave.masked_fill((t >= bounds[:, :1]) & (t < bounds[:, 1:]), 0)
