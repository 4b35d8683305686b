"""A new generator is made from the seed of the given one.
hint: pseudo_labels.restarts_generator
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
    own = torch.Generator().manual_seed(generator.initial_seed())
    centroids = frames[torch.randperm(len(frames), generator=own)[:k]]
    for _ in range(steps):
        centroids = kmeans_step(frames, centroids)
    return centroids
