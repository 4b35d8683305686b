"""Distances by broadcasting, means by a matrix of one-hot labels."""


def nearest(frames, centroids):
    return ((frames[:, None] - centroids[None]) ** 2).sum(-1).min(-1)[1]


def kmeans_step(frames, centroids):
    member = F.one_hot(nearest(frames, centroids), len(centroids)).to(frames.dtype)
    count = member.sum(0)
    mean = member.T @ frames / count.clamp(min=1)[:, None]
    return torch.where((count > 0)[:, None], mean, centroids)


def kmeans(frames, k, steps, generator):
    centroids = frames[torch.randperm(len(frames), generator=generator)[:k]]
    for _ in range(steps):
        centroids = kmeans_step(frames, centroids)
    return centroids
