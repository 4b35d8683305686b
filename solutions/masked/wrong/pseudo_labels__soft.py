"""Every centroid moves to a mean of all frames, weighted by nearness.
hint: pseudo_labels.step
"""


def nearest(frames, centroids):
    return torch.cdist(frames, centroids).argmin(dim=1)


def kmeans_step(frames, centroids):
    weight = torch.softmax(-torch.cdist(frames, centroids).square(), dim=1)
    return weight.T @ frames / weight.sum(0)[:, None]


def kmeans(frames, k, steps, generator):
    centroids = frames[torch.randperm(len(frames), generator=generator)[:k]]
    for _ in range(steps):
        centroids = kmeans_step(frames, centroids)
    return centroids
