"""A loop over clips that writes zeros into a clone."""


def time_mask(wave, max_fraction=0.125, generator=None):
    out = wave.clone()
    batch, time = wave.shape
    for i in range(batch):
        length = torch.randint(0, int(max_fraction * time) + 1, (1,), generator=generator).item()
        start = torch.randint(0, time - length + 1, (1,), generator=generator).item()
        out[i, start : start + length] = 0.0
    return out
