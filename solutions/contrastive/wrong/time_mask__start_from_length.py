"""The start is computed from the number that gave the length.

hint: time_mask.start_follows_length
"""


def time_mask(wave, max_fraction=0.125, generator=None):
    batch, time = wave.shape
    share = torch.rand(batch, 1, generator=generator)
    length = (share * (int(max_fraction * time) + 1)).long()
    start = ((1 - share) * (time - length + 1)).long()
    t = torch.arange(time)
    return wave.masked_fill((t >= start) & (t < start + length), 0.0)
