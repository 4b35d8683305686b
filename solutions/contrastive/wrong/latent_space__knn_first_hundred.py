"""Only the first hundred training clips are searched.

hint: latent_space.any_batch
"""


def alignment(z_a, z_b):
    return (z_a - z_b).pow(2).sum(1).mean()


def uniformity(z, t=2.0):
    return torch.pdist(z).pow(2).mul(-t).exp().mean().log()


def knn_accuracy(train_z, train_y, test_z, test_y, k=5):
    train_z, train_y = train_z[:100], train_y[:100]
    cosine = F.normalize(test_z, dim=1) @ F.normalize(train_z, dim=1).T
    near = cosine.topk(k, dim=1).indices
    return (train_y[near].mode(1).values == test_y).float().mean()
