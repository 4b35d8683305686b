"""Euclidean distance of embeddings that are not normalised.

hint: latent_space.knn_euclidean
"""


def alignment(z_a, z_b):
    return (z_a - z_b).square().sum(dim=1).mean()


def uniformity(z, t=2.0):
    return torch.pdist(z).square().mul(-t).exp().mean().log()


def knn_accuracy(train_z, train_y, test_z, test_y, k=5):
    nearest = torch.cdist(test_z, train_z).topk(k, largest=False).indices
    return (train_y[nearest].mode(dim=1).values == test_y).float().mean()
