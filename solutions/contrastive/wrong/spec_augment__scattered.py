"""Random mel bins and frames that do not lie together.
hint: spec_augment.scattered
"""


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    out = mel.clone()
    for clip in out:
        mean = clip.mean()
        w = torch.randint(max_mels + 1, (1,), generator=generator).item()
        v = torch.randint(max_frames + 1, (1,), generator=generator).item()
        clip[torch.randperm(clip.shape[0], generator=generator)[:w]] = mean
        clip[:, torch.randperm(clip.shape[1], generator=generator)[:v]] = mean
    return out
