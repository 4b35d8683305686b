"""Ties go to the last centroid."""


def nearest(frames, centroids):
    distance = torch.cdist(frames, centroids.flip(0))
    return len(centroids) - 1 - distance.argmin(1)


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
        centroids = kmeans_step(frames, centroids)
    return centroids
