"""Means by scatter_reduce, which leaves out the centroids themselves."""


def nearest(frames, centroids):
    return torch.cdist(frames, centroids).argmin(dim=1)


def kmeans_step(frames, centroids):
    label = nearest(frames, centroids)[:, None].expand_as(frames)
    return centroids.clone().scatter_reduce(0, label, frames, "mean", include_self=False)


def kmeans(frames, k, steps, generator):
    centroids = frames[torch.randperm(len(frames), generator=generator)[:k]]
    for _ in range(steps):
        centroids = kmeans_step(frames, centroids)
    return centroids
