"""Sums are kept in float32.
hint: pseudo_labels.dtype
"""


def nearest(frames, centroids):
    return torch.cdist(frames, centroids).argmin(dim=1)


def kmeans_step(frames, centroids):
    labels = nearest(frames, centroids)
    total = torch.zeros(centroids.shape).index_add_(0, labels, frames.float())
    count = torch.bincount(labels, minlength=len(centroids))[:, None]
    return torch.where(count > 0, total / count.clamp(min=1), centroids.float())


def kmeans(frames, k, steps, generator):
    centroids = frames[torch.randperm(len(frames), generator=generator)[:k]]
    for _ in range(steps):
        centroids = kmeans_step(frames, centroids)
    return centroids
