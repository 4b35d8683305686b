"""A function for one clip, the results stacked; float64 mean."""


def augment_one(clip, max_mels, max_frames, generator):
    n_mels, frames = clip.shape
    clip, mean = clip.clone(), clip.double().mean().to(clip.dtype)
    width = int(torch.randint(1, max_mels + 1, (), generator=generator))
    height = int(torch.randint(1, max_frames + 1, (), generator=generator))
    low = int(torch.randint(n_mels - width + 1, (), generator=generator))
    first = int(torch.randint(frames - height + 1, (), generator=generator))
    clip[low : low + width] = mean
    clip[:, first : first + height] = mean
    return clip


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    return torch.stack([augment_one(clip, max_mels, max_frames, generator) for clip in mel])
