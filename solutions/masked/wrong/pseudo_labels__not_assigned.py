"""index_copy returns a new tensor, which is thrown away.
hint: pseudo_labels.unmoved
"""


def nearest(frames, centroids):
    return torch.cdist(frames, centroids).argmin(dim=1)


def kmeans_step(frames, centroids):
    labels = nearest(frames, centroids)
    moved = centroids.clone()
    for i in range(len(centroids)):
        if (labels == i).any():
            moved.index_copy(0, torch.tensor([i]), frames[labels == i].mean(0)[None])
    return moved


def kmeans(frames, k, steps, generator):
    centroids = frames[torch.randperm(len(frames), generator=generator)[:k]]
    for _ in range(steps):
        centroids = kmeans_step(frames, centroids)
    return centroids
