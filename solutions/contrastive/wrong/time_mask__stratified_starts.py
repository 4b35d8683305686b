"""Starts are spread evenly over the batch, so that no two clips share one.

hint: time_mask.repeated
"""


def time_mask(wave, max_fraction=0.125, generator=None):
    batch, time = wave.shape
    length = torch.randint(0, int(max_fraction * time) + 1, (batch, 1), generator=generator)
    share = (torch.arange(batch) + torch.rand(1, generator=generator)) / batch
    start = share[:, None] * (time - length + 1)
    place = torch.arange(time)
    start = start.long()
    return wave.masked_fill((place >= start) & (place < start + length), 0.0)
