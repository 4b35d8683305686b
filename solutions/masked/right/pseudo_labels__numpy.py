"""All in NumPy, the draw seeded from the generator."""


def nearest(frames, centroids):
    a, b = frames.detach().numpy(), centroids.detach().numpy()
    return torch.from_numpy(np.linalg.norm(a[:, None] - b, axis=2).argmin(1).astype(np.int64))


def kmeans_step(frames, centroids):
    labels = nearest(frames, centroids)
    moved = centroids.clone()
    for i in range(len(centroids)):
        own = frames[labels == i]
        if len(own):
            moved[i] = own.mean(dim=0)
    return moved


def kmeans(frames, k, steps, generator):
    seed = int(torch.randint(2**31, (1,), generator=generator))
    chosen = np.random.default_rng(seed).choice(len(frames), k, replace=False)
    centroids = frames[torch.from_numpy(chosen)].clone()
    for _ in range(steps):
        centroids = kmeans_step(frames, centroids)
    return centroids
