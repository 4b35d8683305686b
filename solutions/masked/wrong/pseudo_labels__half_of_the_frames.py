"""Every step sees a random half of the frames.
hint: pseudo_labels.lloyd
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
    for _ in range(steps):
        some = torch.randperm(len(frames), generator=generator)[: (len(frames) + 1) // 2]
        centroids = kmeans_step(frames[some], centroids)
    return centroids
