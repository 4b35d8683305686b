"""Widths from a normal distribution, drawn again until they fit; starts by permuting places."""


def width(widest, generator):
    while True:
        w = round(torch.randn((), generator=generator).item() * widest / 2 + widest / 2)
        if 0 <= w <= widest:
            return w


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    out = mel.clone()
    for clip, given in zip(out, mel):
        for axis, widest in ((0, max_mels), (1, max_frames)):
            w = width(widest, generator)
            start = torch.randperm(clip.shape[axis] - w + 1, generator=generator)[0].item()
            clip.narrow(axis, start, w).fill_(given.mean().item())
    return out
