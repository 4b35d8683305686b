"""Repeated frames are dropped before the draw.
hint: pseudo_labels.repeated
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
    rows = frames.unique(dim=0)
    start = torch.randperm(len(rows), generator=generator)[:k]
    centroids = rows[start]
    while len(centroids) < k:
        centroids = torch.cat([centroids, torch.full_like(centroids[:1], math.inf)])
    for _ in range(steps):
        centroids = kmeans_step(frames, centroids)
    return centroids.nan_to_num(posinf=0.0)
