"""The mean is taken again between the two masks.
hint: spec_augment.mean_after_masking
"""


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    out = mel.clone()
    for clip in out:
        w = torch.randint(max_mels + 1, (1,), generator=generator).item()
        m = torch.randint(clip.shape[0] - w + 1, (1,), generator=generator).item()
        clip[m : m + w, :] = clip.mean()
        v = torch.randint(max_frames + 1, (1,), generator=generator).item()
        f = torch.randint(clip.shape[1] - v + 1, (1,), generator=generator).item()
        clip[:, f : f + v] = clip.mean()
    return out
