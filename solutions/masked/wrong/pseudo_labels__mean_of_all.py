"""Every sum is divided by the number of all frames.
hint: pseudo_labels.mean_of_all
"""


def nearest(frames, centroids):
    return torch.cdist(frames, centroids).argmin(dim=1)


def kmeans_step(frames, centroids):
    member = F.one_hot(nearest(frames, centroids), len(centroids)).to(frames.dtype)
    mean = member.T @ frames / len(frames)
    return torch.where(member.any(0)[:, None], mean, centroids)


def kmeans(frames, k, steps, generator):
    centroids = frames[torch.randperm(len(frames), generator=generator)[:k]]
    for _ in range(steps):
        centroids = kmeans_step(frames, centroids)
    return centroids
