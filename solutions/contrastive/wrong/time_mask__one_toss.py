"""Whether anything is masked is tossed once for the batch.

hint: time_mask.shared_draw
"""


def time_mask(wave, max_fraction=0.125, generator=None):
    batch, time = wave.shape
    length = torch.randint(int(max_fraction * time) + 1, (batch, 1), generator=generator)
    length = length * (torch.rand(1, generator=generator) < 0.5)
    start = (torch.rand(batch, 1, generator=generator) * (time - length + 1)).long()
    t = torch.arange(time)
    return wave.masked_fill((t >= start) & (t < start + length), 0.0)
