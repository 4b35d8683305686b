"""A helper masks one clip; each clip has a generator of its own."""


def mask_one(clip, longest, generator):
    length = int(torch.randint(longest + 1, (), generator=generator))
    start = int(torch.randint(len(clip) - length + 1, (), generator=generator))
    keep = torch.ones(len(clip), dtype=torch.bool)
    keep[start : start + length] = False
    return clip * keep


def time_mask(wave, max_fraction=0.125, generator=None):
    first = int(torch.randint(10**9, (), generator=generator))
    longest = int(wave.shape[-1] * max_fraction)
    return torch.stack(
        [
            mask_one(clip, longest, torch.Generator().manual_seed(first + i))
            for i, clip in enumerate(wave)
        ]
    )
