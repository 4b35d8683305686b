"""Votes are counted for the labels 0 to 9 and clipped to them.

hint: latent_space.knn_labels
"""


def alignment(z_a, z_b):
    return (z_a - z_b).pow(2).sum(1).mean()


def uniformity(z, t=2.0):
    return torch.pdist(z).pow(2).mul(-t).exp().mean().log()


def knn_accuracy(train_z, train_y, test_z, test_y, k=5):
    cosine = F.normalize(test_z, dim=1) @ F.normalize(train_z, dim=1).T
    near = cosine.topk(k, dim=1).indices
    votes = F.one_hot(train_y[near].clamp(max=9), 10).sum(1)
    return (votes.argmax(1) == test_y).float().mean()
