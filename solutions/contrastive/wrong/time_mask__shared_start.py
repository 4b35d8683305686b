"""One start for the whole batch, lengths for each clip.
hint: time_mask.shared_start
"""


def time_mask(wave, max_fraction=0.125, generator=None):
    batch, time = wave.shape
    longest = int(max_fraction * time)
    length = torch.randint(0, longest + 1, (batch, 1), generator=generator)
    start = torch.randint(0, time - longest + 1, (1,), generator=generator)
    t = torch.arange(time)
    return wave.masked_fill((t >= start) & (t < start + length), 0)
