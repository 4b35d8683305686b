"""Long masks lie at the ends and short ones in the middle: one number decides both.

hint: time_mask.start_follows_length
"""


def time_mask(wave, max_fraction=0.125, generator=None):
    batch, time = wave.shape
    place = torch.rand(batch, 1, generator=generator)
    length = ((2 * place - 1).abs() * (int(max_fraction * time) + 1)).long()
    start = (place * (time - length + 1)).long()
    t = torch.arange(time)
    return wave.masked_fill((t >= start) & (t < start + length), 0.0)
