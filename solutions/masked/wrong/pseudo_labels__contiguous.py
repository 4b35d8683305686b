"""A random stretch of neighbouring rows.
hint: pseudo_labels.start_not_uniform
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
    first = int(torch.randint(len(frames) - k + 1, (1,), generator=generator))
    centroids = frames[first : first + k]
    for _ in range(steps):
        centroids = kmeans_step(frames, centroids)
    return centroids
