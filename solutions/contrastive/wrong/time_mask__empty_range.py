"""No start can be drawn where nothing is to be masked.

hint: time_mask.sometimes_raises
"""


def time_mask(wave, max_fraction=0.125, generator=None):
    batch, time = wave.shape
    out = wave.clone()
    for clip in out:
        length = int(torch.randint(int(max_fraction * time) + 1, (), generator=generator))
        start = int(torch.randint(0, time, (time // length,), generator=generator)[0])
        start = min(start, time - length)
        clip[start : start + length] = 0
    return out
