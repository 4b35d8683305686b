"""Centroids are moved in the tensor that was passed in.
hint: pseudo_labels.modifies_input
"""


def nearest(frames, centroids):
    return torch.cdist(frames, centroids).argmin(dim=1)


def kmeans_step(frames, centroids):
    labels = nearest(frames, centroids)
    for i in range(len(centroids)):
        if (labels == i).any():
            centroids[i] = frames[labels == i].mean(0)
    return centroids


def kmeans(frames, k, steps, generator):
    centroids = frames[torch.randperm(len(frames), generator=generator)[:k]]
    for _ in range(steps):
        centroids = kmeans_step(frames, centroids)
    return centroids
