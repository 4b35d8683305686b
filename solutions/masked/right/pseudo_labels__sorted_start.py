"""The rows drawn are kept in their order; the order of centroids is free."""


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
    start = torch.randperm(len(frames), generator=generator)[:k].sort().values
    centroids = frames[start]
    for _ in range(steps):
        centroids = kmeans_step(frames, centroids)
    return centroids
