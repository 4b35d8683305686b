"""A width of 0 counts as none given.

hint: spec_augment.zero_width
"""


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    limits = (max_mels or 6, max_frames or 8)
    out = mel.clone()
    for clip, mean in zip(out, mel.mean((1, 2))):
        for axis, limit in enumerate(limits):
            size = clip.shape[axis]
            width = int(torch.randint(0, limit + 1, (1,), generator=generator))
            first = int(torch.randint(0, size - width + 1, (1,), generator=generator))
            clip.narrow(axis, first, width).fill_(mean)
    return out
