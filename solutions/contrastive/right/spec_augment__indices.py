"""Distances from a centre that was moved to fit."""


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    out = mel.clone()
    mean = mel.mean(2).mean(1)
    for axis, widest in enumerate([max_mels, max_frames], start=1):
        size = mel.size(axis)
        width = torch.randint(widest + 1, (len(mel),), generator=generator)
        start = torch.randint(size, (len(mel),), generator=generator)
        start = torch.minimum(start, size - width)
        for i, (s, w) in enumerate(zip(start.tolist(), width.tolist())):
            out[i].narrow(axis - 1, s, w).fill_(mean[i].item())
    return out
