"""One length for the whole batch, starts for each clip.
hint: time_mask.shared_length
"""


def time_mask(wave, max_fraction=0.125, generator=None):
    batch, time = wave.shape
    length = torch.randint(1, int(max_fraction * time) + 1, (1,), generator=generator)
    start = torch.randint(0, time - length.item() + 1, (batch, 1), generator=generator)
    t = torch.arange(time)
    return wave.masked_fill((t >= start) & (t < start + length), 0)
