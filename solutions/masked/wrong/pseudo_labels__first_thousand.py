"""The start is drawn among the first thousand rows.

hint: pseudo_labels.start_not_uniform
"""


def nearest(frames, centroids):
    return (frames[:, None] - centroids).square().sum(2).argmin(1)


def kmeans_step(frames, centroids):
    hot = F.one_hot(nearest(frames, centroids), len(centroids)).to(frames.dtype)
    count = hot.sum(0)[:, None]
    return torch.where(count > 0, hot.T @ frames / count.clamp(min=1), centroids)


def kmeans(frames, k, steps, generator):
    centroids = frames[torch.randperm(min(len(frames), 1000), generator=generator)[:k]]
    for _ in range(steps):
        centroids = kmeans_step(frames, centroids)
    return centroids
