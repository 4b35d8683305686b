"""Begins at random numbers of the frames' mean and deviation.
hint: pseudo_labels.start_no_frames
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
    noise = torch.randn(k, frames.shape[1], generator=generator, dtype=frames.dtype)
    centroids = frames.mean(0) + frames.std(0) * noise
    for _ in range(steps):
        centroids = kmeans_step(frames, centroids)
    return centroids
