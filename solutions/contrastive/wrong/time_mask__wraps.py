"""The mask leaves at the end and comes back in at the start.
hint: time_mask.wraps
"""


def time_mask(wave, max_fraction=0.125, generator=None):
    batch, time = wave.shape
    length = torch.randint(0, int(max_fraction * time) + 1, (batch, 1), generator=generator)
    start = torch.randint(0, time, (batch, 1), generator=generator)
    return wave.masked_fill((torch.arange(time) - start) % time < length, 0)
