"""The end is drawn, and the mask reaches back from it."""


def time_mask(wave, max_fraction=0.125, generator=None):
    batch, time = wave.shape
    out = wave.clone()
    for b in range(batch):
        length = int(torch.rand((), generator=generator) * (max_fraction * time + 1))
        end = int(torch.randint(length, time + 1, (), generator=generator))
        out[b, end - length : end] *= 0
    return out
