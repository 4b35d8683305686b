"""A width of none leaves nothing to fill, and an index into nothing raises.

hint: spec_augment.sometimes_raises
"""


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    batch, n_mels, frames = mel.shape
    out = mel.clone()
    for clip in out:
        mean = clip.mean().item()
        w = int(torch.randint(max_mels + 1, (), generator=generator))
        v = int(torch.randint(max_frames + 1, (), generator=generator))
        m = int(torch.randint(n_mels - w + 1, (), generator=generator))
        f = int(torch.randint(frames - v + 1, (), generator=generator))
        bins, span = torch.arange(n_mels)[m : m + w], torch.arange(frames)[f : f + v]
        clip[bins.min() : bins.max() + 1] = mean
        clip[:, span.min() : span.max() + 1] = mean
    return out
