"""Rows are drawn with replacement.
hint: pseudo_labels.start_repeats
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
    centroids = frames[torch.randint(len(frames), (k,), generator=generator)]
    for _ in range(steps):
        centroids = kmeans_step(frames, centroids)
    return centroids
