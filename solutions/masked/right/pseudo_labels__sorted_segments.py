"""Frames are sorted by label and split; the start is drawn with NumPy, seeded by the generator."""


def nearest(frames, centroids):
    inner = frames @ centroids.mT
    return torch.argmax(inner - centroids.pow(2).sum(1) / 2, dim=1)


def kmeans_step(frames, centroids):
    label = nearest(frames, centroids)
    counts = torch.bincount(label, minlength=len(centroids)).tolist()
    groups = frames[label.argsort()].split(counts)
    return torch.stack([g.mean(0) if len(g) else c for g, c in zip(groups, centroids)])


def kmeans(frames, k, steps, generator):
    seed = torch.randint(2**31, (1,), generator=generator).item()
    chosen = np.random.default_rng(seed).choice(len(frames), size=k, replace=False)
    state = frames[torch.from_numpy(chosen)]
    while steps > 0:
        state, steps = kmeans_step(frames, state), steps - 1
    return state
