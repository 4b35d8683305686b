"""Lengths are squeezed and gone through one by one, which a batch of one does not bear.

hint: time_mask.any_size
"""


def time_mask(wave, max_fraction=0.125, generator=None):
    batch, time = wave.shape
    lengths = torch.randint(int(max_fraction * time) + 1, (batch, 1), generator=generator)
    out = wave.clone()
    for clip, length in zip(out, lengths.squeeze()):
        start = torch.randint(time - int(length) + 1, (1,), generator=generator)
        clip[start : start + length] = 0
    return out
