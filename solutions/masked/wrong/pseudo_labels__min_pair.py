"""min gives values and indices, and both are returned.
hint: pseudo_labels.not_a_tensor
"""


def nearest(frames, centroids):
    return torch.cdist(frames, centroids).min(dim=1)


def kmeans_step(frames, centroids):
    labels = nearest(frames, centroids).indices
    moved = centroids.clone()
    for i in range(len(centroids)):
        if (labels == i).any():
            moved[i] = frames[labels == i].mean(0)
    return moved


def kmeans(frames, k, steps, generator):
    centroids = frames[torch.randperm(len(frames), generator=generator)[:k]]
    for _ in range(steps):
        centroids = kmeans_step(frames, centroids)
    return centroids
