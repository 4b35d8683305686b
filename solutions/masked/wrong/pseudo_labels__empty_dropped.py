"""Centroids without frames are dropped.
hint: pseudo_labels.centroids_shape
"""


def nearest(frames, centroids):
    return torch.cdist(frames, centroids).argmin(dim=1)


def kmeans_step(frames, centroids):
    labels = nearest(frames, centroids)
    return torch.stack([frames[labels == i].mean(0) for i in labels.unique()])


def kmeans(frames, k, steps, generator):
    centroids = frames[torch.randperm(len(frames), generator=generator)[:k]]
    for _ in range(steps):
        centroids = kmeans_step(frames, centroids)
    return centroids
