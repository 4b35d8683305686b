"""Starts leave room for the longest mask, whatever length is drawn."""


def time_mask(wave, max_fraction=0.125, generator=None):
    batch, time = wave.shape
    longest = int(max_fraction * time)
    length = torch.randint(0, longest + 1, (batch, 1), generator=generator)
    start = torch.randint(0, time - longest, (batch, 1), generator=generator)
    offset = torch.arange(time) - start
    return wave.masked_fill((offset >= 0) & (offset < length), 0.0)
