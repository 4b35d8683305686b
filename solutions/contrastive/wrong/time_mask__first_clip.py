"""Only the last clip that was masked comes back.
hint: time_mask.shape
"""


def time_mask(wave, max_fraction=0.125, generator=None):
    batch, time = wave.shape
    for clip in wave:
        length = torch.randint(0, int(max_fraction * time) + 1, (1,), generator=generator).item()
        start = torch.randint(0, time - length + 1, (1,), generator=generator).item()
        out = clip.clone()
        out[start : start + length] = 0
    return out
