"""One mask for the whole batch.
hint: time_mask.shared_mask
"""


def time_mask(wave, max_fraction=0.125, generator=None):
    batch, time = wave.shape
    length = torch.randint(0, int(max_fraction * time) + 1, (1,), generator=generator).item()
    start = torch.randint(0, time - length + 1, (1,), generator=generator).item()
    out = wave.clone()
    out[:, start : start + length] = 0
    return out
