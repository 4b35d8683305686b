"""Long and short masks are likelier than middling ones; the start is that of the longest."""


def time_mask(wave, max_fraction=0.125, generator=None):
    batch, time = wave.shape
    u = torch.rand(3, batch, generator=generator, dtype=torch.float64)
    share = torch.sin(math.pi / 2 * u[0]) ** 2
    length = (share * int(max_fraction * time)).round().long()
    start = torch.minimum((u[1] * time).long(), time - length)
    out = wave.clone()
    for clip, a, n in zip(out, start.tolist(), length.tolist()):
        clip[a : a + n].fill_(0)
    return out
