"""Distances and means in float64, the result in the dtype of the frames."""


def nearest(frames, centroids):
    return torch.cdist(frames.double(), centroids.double()).argmin(1)


def kmeans_step(frames, centroids):
    labels = nearest(frames, centroids)
    total = torch.zeros(centroids.shape, dtype=torch.float64).index_add_(0, labels, frames.double())
    count = torch.bincount(labels, minlength=len(centroids))
    filled = count > 0
    out = centroids.clone()
    out[filled] = (total[filled] / count[filled, None]).to(out.dtype)
    return out


def kmeans(frames, k, steps, generator):
    centroids = frames[torch.randperm(len(frames), generator=generator)[:k]]
    for _ in range(steps):
        centroids = kmeans_step(frames, centroids)
    return centroids
