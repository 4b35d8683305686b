"""Without a generator, one with a fixed seed is made.
hint: time_mask.default_generator
"""


def time_mask(wave, max_fraction=0.125, generator=None):
    if generator is None:
        generator = torch.Generator().manual_seed(42)
    batch, time = wave.shape
    length = torch.randint(0, int(max_fraction * time) + 1, (batch, 1), generator=generator)
    start = (torch.rand(batch, 1, generator=generator) * (time - length + 1)).long()
    t = torch.arange(time)
    return wave.masked_fill((t >= start) & (t < start + length), 0)
