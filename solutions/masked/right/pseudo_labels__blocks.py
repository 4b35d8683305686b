"""Distances in blocks of 512 frames, the last one shorter; a class keeps the centroids."""


class Lloyd:
    def __init__(self, centroids):
        self.centroids = centroids.clone()

    def label(self, frames):
        blocks = frames.split(512)
        return torch.cat([torch.cdist(b, self.centroids).min(dim=1).indices for b in blocks])

    def step(self, frames):
        label = self.label(frames)
        for i in label.unique().tolist():
            self.centroids[i] = frames[label == i].mean(0)


def nearest(frames, centroids):
    return Lloyd(centroids).label(frames)


def kmeans_step(frames, centroids):
    state = Lloyd(centroids)
    state.step(frames)
    return state.centroids


def kmeans(frames, k, steps, generator):
    state = Lloyd(frames[torch.rand(len(frames), generator=generator).topk(k).indices])
    for _ in range(steps):
        state.step(frames)
    return state.centroids
