"""The sum begins at the centroid and the count at one.
hint: pseudo_labels.with_itself
"""


def nearest(frames, centroids):
    return torch.cdist(frames, centroids).argmin(dim=1)


def kmeans_step(frames, centroids):
    labels = nearest(frames, centroids)
    total = centroids.clone().index_add_(0, labels, frames)
    count = 1 + torch.bincount(labels, minlength=len(centroids))
    return total / count[:, None]


def kmeans(frames, k, steps, generator):
    centroids = frames[torch.randperm(len(frames), generator=generator)[:k]]
    for _ in range(steps):
        centroids = kmeans_step(frames, centroids)
    return centroids
