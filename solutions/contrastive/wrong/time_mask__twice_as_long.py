"""The length is drawn on each side of a centre and becomes twice as long.
hint: time_mask.too_long
"""


def time_mask(wave, max_fraction=0.125, generator=None):
    batch, time = wave.shape
    half = torch.randint(0, int(max_fraction * time) + 1, (batch, 1), generator=generator)
    centre = half + (torch.rand(batch, 1, generator=generator) * (time - 2 * half)).long()
    t = torch.arange(time)
    return wave.masked_fill((t >= centre - half) & (t < centre + half), 0)
