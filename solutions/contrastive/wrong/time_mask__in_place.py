"""The caller's clips are masked.
hint: time_mask.modifies_input
"""


def time_mask(wave, max_fraction=0.125, generator=None):
    batch, time = wave.shape
    for i in range(batch):
        length = torch.randint(0, int(max_fraction * time) + 1, (1,), generator=generator).item()
        start = torch.randint(0, time - length + 1, (1,), generator=generator).item()
        wave[i, start : start + length] = 0
    return wave
