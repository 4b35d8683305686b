"""The k rows with the largest random keys; stops early where nothing moves."""


def nearest(frames, centroids):
    return torch.cdist(frames, centroids).argmin(dim=1)


def kmeans_step(frames, centroids):
    labels = nearest(frames, centroids)
    moved = centroids.clone()
    for i in range(len(centroids)):
        own = frames[labels == i]
        if len(own):
            moved[i] = own.mean(dim=0)
    return moved


def kmeans(frames, k, steps, generator):
    keys = torch.rand(len(frames), generator=generator, dtype=torch.float64)
    centroids = frames[keys.topk(k).indices]
    for _ in range(steps):
        moved = kmeans_step(frames, centroids)
        if torch.equal(moved, centroids):
            break
        centroids = moved
    return centroids
