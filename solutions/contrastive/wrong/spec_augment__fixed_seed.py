"""A seed is set inside.
hint: spec_augment.fixed_seed
"""


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    random.seed(0)
    out = mel.clone()
    for clip in out:
        mean, (n_mels, frames) = clip.mean(), clip.shape
        w, v = random.randint(0, max_mels), random.randint(0, max_frames)
        m, f = random.randint(0, n_mels - w), random.randint(0, frames - v)
        clip[m : m + w] = mean
        clip[:, f : f + v] = mean
    return out
