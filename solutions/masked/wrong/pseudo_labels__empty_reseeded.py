"""A centroid without frames starts anew at the first frame.
hint: pseudo_labels.empty
"""


def nearest(frames, centroids):
    return torch.cdist(frames, centroids).argmin(dim=1)


def kmeans_step(frames, centroids):
    labels = nearest(frames, centroids)
    rows = [frames[labels == i] for i in range(len(centroids))]
    return torch.stack([own.mean(0) if len(own) else frames[0] for own in rows])


def kmeans(frames, k, steps, generator):
    centroids = frames[torch.randperm(len(frames), generator=generator)[:k]]
    for _ in range(steps):
        centroids = kmeans_step(frames, centroids)
    return centroids
