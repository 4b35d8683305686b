"""Frames are worked off in blocks of 1,000, and what is left over keeps the label 0.

hint: pseudo_labels.many_frames
"""


def nearest(frames, centroids):
    label = torch.zeros(len(frames), dtype=torch.long)
    for first in range(0, max(1, len(frames) - 999), 1000):
        block = frames[first : first + 1000]
        label[first : first + 1000] = torch.cdist(block, centroids).argmin(1)
    return label


def kmeans_step(frames, centroids):
    label = nearest(frames, centroids)
    rows = [frames[label == i] for i in range(len(centroids))]
    return torch.stack([r.mean(0) if len(r) else c for r, c in zip(rows, centroids)])


def kmeans(frames, k, steps, generator):
    centroids = frames[torch.randperm(len(frames), generator=generator)[:k]]
    for _ in range(steps):
        centroids = kmeans_step(frames, centroids)
    return centroids
