"""A seed inside the function: the same rows for ever.
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
    torch.manual_seed(0)
    centroids = frames[torch.randperm(len(frames))[:k]]
    for _ in range(steps):
        centroids = kmeans_step(frames, centroids)
    return centroids
