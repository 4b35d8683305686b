"""The generator's first seed is used at every call.
hint: spec_augment.restarts_generator
"""


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    rng = random.Random(generator.initial_seed() if generator is not None else None)
    out = mel.clone()
    for clip in out:
        mean, (n_mels, frames) = clip.mean(), clip.shape
        w, v = rng.randint(0, max_mels), rng.randint(0, max_frames)
        m, f = rng.randint(0, n_mels - w), rng.randint(0, frames - v)
        clip[m : m + w] = mean
        clip[:, f : f + v] = mean
    return out
