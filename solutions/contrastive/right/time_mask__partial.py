"""functools.partial holds the generator, and torch.scatter writes the zeros."""


def time_mask(wave, max_fraction=0.125, generator=None):
    from functools import partial

    draw = partial(torch.rand, len(wave), 1, generator=generator)
    time = wave.size(1)
    length = draw().mul(int(time * max_fraction) + 1).floor()
    start = draw().mul(time - length + 1).floor()
    longest = int(length.max())
    offset = torch.arange(longest)
    index = (start + offset.clamp(max=0) + torch.minimum(offset, (length - 1).clamp(min=0))).long()
    kept = wave.gather(1, index.clamp(max=time - 1)) * (length == 0)
    return wave.scatter(1, index.clamp(max=time - 1), kept) if longest else wave.clone()
