"""The nearest frame of every centroid.
hint: pseudo_labels.index_shape
"""


def nearest(frames, centroids):
    return torch.cdist(frames, centroids).argmin(dim=0)


def kmeans_step(frames, centroids):
    labels = torch.cdist(frames, centroids).argmin(1)
    moved = centroids.clone()
    for i in range(len(centroids)):
        if (labels == i).any():
            moved[i] = frames[labels == i].mean(0)
    return moved


def kmeans(frames, k, steps, generator):
    centroids = frames[torch.randperm(len(frames), generator=generator)[:k]]
    for _ in range(steps):
        centroids = kmeans_step(frames, centroids)
    return centroids
