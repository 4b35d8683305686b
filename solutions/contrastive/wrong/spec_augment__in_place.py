"""The caller's spectrograms are masked.
hint: spec_augment.modifies_input
"""


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    for clip in mel:
        mean, (n_mels, frames) = clip.mean(), clip.shape
        w = torch.randint(max_mels + 1, (1,), generator=generator).item()
        v = torch.randint(max_frames + 1, (1,), generator=generator).item()
        m = torch.randint(n_mels - w + 1, (1,), generator=generator).item()
        f = torch.randint(frames - v + 1, (1,), generator=generator).item()
        clip[m : m + w] = mean
        clip[:, f : f + v] = mean
    return mel
