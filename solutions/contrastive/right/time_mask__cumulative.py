"""A step up at the start and a step down at the end, summed along time."""


def time_mask(wave, max_fraction=0.125, generator=None):
    batch, time = wave.shape
    length = torch.floor(torch.rand(batch, generator=generator) * (max_fraction * time + 1)).long()
    start = torch.floor(torch.rand(batch, generator=generator) * (time - length + 1)).long()
    edges = torch.zeros(batch, time + 1, dtype=torch.long)
    rows = torch.arange(batch)
    edges[rows, start] += 1
    edges[rows, start + length] -= 1
    return wave * (1 - edges.cumsum(1)[:, :time]).to(wave)
