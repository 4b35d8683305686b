"""The stretch is made quieter, not silent.
hint: time_mask.fill
"""


def time_mask(wave, max_fraction=0.125, generator=None):
    batch, time = wave.shape
    length = torch.randint(0, int(max_fraction * time) + 1, (batch, 1), generator=generator)
    start = (torch.rand(batch, 1, generator=generator) * (time - length + 1)).long()
    t = torch.arange(time)
    return wave * torch.where((t >= start) & (t < start + length), 0.1, 1.0).to(wave.dtype)
