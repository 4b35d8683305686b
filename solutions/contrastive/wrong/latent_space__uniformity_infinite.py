"""The diagonal is set to infinity and then exponentiated with the wrong sign.

hint: latent_space.not_finite
"""


def alignment(z_a, z_b):
    return (z_a - z_b).square().sum(dim=1).mean()


def uniformity(z, t=2.0):
    squared = torch.cdist(z, z).square().fill_diagonal_(float("inf"))
    return torch.logsumexp(t * squared.flatten(), 0)


def knn_accuracy(train_z, train_y, test_z, test_y, k=5):
    cosine = F.normalize(test_z, dim=1) @ F.normalize(train_z, dim=1).T
    votes = train_y[cosine.topk(k, dim=1).indices]
    return (votes.mode(dim=1).values == test_y).float().mean()
