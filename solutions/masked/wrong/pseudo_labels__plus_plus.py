"""k-means++ prefers rows that are far from those drawn.
hint: pseudo_labels.start_not_uniform
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
    chosen = [int(torch.randint(len(frames), (1,), generator=generator))]
    while len(chosen) < k:
        far = torch.cdist(frames, frames[chosen]).amin(1).square()
        far[chosen] = 0
        far = far if far.sum() > 0 else torch.ones(len(frames))
        chosen.append(int(torch.multinomial(far, 1, generator=generator)))
    centroids = frames[chosen]
    for _ in range(steps):
        centroids = kmeans_step(frames, centroids)
    return centroids
