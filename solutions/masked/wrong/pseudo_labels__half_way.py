"""Centroids go half of the way.
hint: pseudo_labels.half_way
"""


def nearest(frames, centroids):
    return torch.cdist(frames, centroids).argmin(dim=1)


def kmeans_step(frames, centroids):
    labels = nearest(frames, centroids)
    moved = centroids.clone()
    for i in range(len(centroids)):
        if (labels == i).any():
            moved[i] = (centroids[i] + frames[labels == i].mean(0)) / 2
    return moved


def kmeans(frames, k, steps, generator):
    centroids = frames[torch.randperm(len(frames), generator=generator)[:k]]
    for _ in range(steps):
        centroids = kmeans_step(frames, centroids)
    return centroids
