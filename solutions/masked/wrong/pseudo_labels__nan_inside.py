"""k-means has a step of its own, in which a centroid without frames becomes nan.
hint: pseudo_labels.not_finite
"""


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
    centroids = frames[torch.randperm(len(frames), generator=generator)[:k]]
    for _ in range(steps):
        labels = nearest(frames, centroids)
        centroids = torch.stack([frames[labels == i].mean(0) for i in range(k)])
    return centroids
