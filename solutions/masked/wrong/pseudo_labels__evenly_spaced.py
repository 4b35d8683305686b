"""The start is every so many rows from a random one on, going round.

hint: pseudo_labels.start_not_uniform
"""


def nearest(frames, centroids):
    return torch.cdist(frames, centroids).argmin(1)


def kmeans_step(frames, centroids):
    label = nearest(frames, centroids)
    moved = centroids.clone()
    for i in range(len(centroids)):
        if (label == i).any():
            moved[i] = frames[label == i].mean(0)
    return moved


def kmeans(frames, k, steps, generator):
    n = len(frames)
    first = torch.randint(n, (1,), generator=generator)
    centroids = frames[(first + torch.arange(k) * (n // k)) % n]
    for _ in range(steps):
        centroids = kmeans_step(frames, centroids)
    return centroids
