"""The first k rows are taken.
hint: pseudo_labels.start_fixed
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
    torch.rand(1, generator=generator)
    centroids = frames[:k].clone()
    for _ in range(steps):
        centroids = kmeans_step(frames, centroids)
    return centroids
