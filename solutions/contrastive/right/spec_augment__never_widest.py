"""Widths stop one short of the greatest; one seed for each clip."""


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    seeds = torch.randint(2**31, (mel.shape[0],), generator=generator)
    rows = []
    for clip, seed in zip(mel, seeds):
        rng = np.random.default_rng(seed.item())
        w, v = int(rng.integers(max_mels)), int(rng.integers(max_frames))
        m = int(rng.integers(clip.shape[0] - w))
        f = int(rng.integers(clip.shape[1] - v))
        mask = torch.zeros_like(clip, dtype=torch.bool)
        mask[m : m + w] = True
        mask[:, f : f + v] = True
        rows.append(clip.masked_fill(mask, clip.mean()))
    return torch.stack(rows)
