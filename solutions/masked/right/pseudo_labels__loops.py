"""Plain loops over frames and centroids."""


def nearest(frames, centroids):
    result = []
    for frame in frames:
        best, at = None, 0
        for i, centroid in enumerate(centroids):
            distance = torch.dist(frame, centroid).item()
            if best is None or distance < best:
                best, at = distance, i
        result.append(at)
    return torch.tensor(result)


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
        centroids = kmeans_step(frames, centroids)
    return centroids
