"""The rows are cut into k blocks, and one row is drawn of each.

hint: pseudo_labels.start_not_uniform
"""


def nearest(frames, centroids):
    return torch.cdist(frames, centroids, compute_mode="donot_use_mm_for_euclid_dist").min(1)[1]


def kmeans_step(frames, centroids):
    label = nearest(frames, centroids)
    count = torch.bincount(label, minlength=len(centroids)).unsqueeze(1)
    sums = torch.zeros_like(centroids).index_add_(0, label, frames)
    return torch.where(count == 0, centroids, sums / count.clamp(min=1))


def kmeans(frames, k, steps, generator):
    edges = torch.linspace(0, len(frames), k + 1).long()
    share = torch.rand(k, generator=generator)
    rows = edges[:-1] + (share * (edges[1:] - edges[:-1])).long()
    centroids = frames[rows]
    for _ in range(steps):
        centroids = kmeans_step(frames, centroids)
    return centroids
