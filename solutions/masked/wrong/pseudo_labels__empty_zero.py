"""A centroid without frames goes to zero.
hint: pseudo_labels.empty
"""


def nearest(frames, centroids):
    return torch.cdist(frames, centroids).argmin(dim=1)


def kmeans_step(frames, centroids):
    member = F.one_hot(nearest(frames, centroids), len(centroids)).to(frames.dtype)
    return member.T @ frames / member.sum(0).clamp(min=1)[:, None]


def kmeans(frames, k, steps, generator):
    centroids = frames[torch.randperm(len(frames), generator=generator)[:k]]
    for _ in range(steps):
        centroids = kmeans_step(frames, centroids)
    return centroids
