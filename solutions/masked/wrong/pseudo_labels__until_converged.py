"""Steps until nothing moves.
hint: pseudo_labels.too_many_steps
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
    centroids = frames[torch.randperm(len(frames), generator=generator)[:k]]
    while steps:
        moved = kmeans_step(frames, centroids)
        if torch.equal(moved, centroids):
            break
        centroids = moved
    return centroids
