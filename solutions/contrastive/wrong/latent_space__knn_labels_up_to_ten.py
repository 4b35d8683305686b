"""Only labels from 0 to 9 are tried.

hint: latent_space.knn_labels
"""


def alignment(z_a, z_b):
    return (z_a - z_b).square().sum(dim=1).mean()


def uniformity(z, t=2.0):
    return torch.pdist(z).square().mul(-t).exp().mean().log()


def knn_accuracy(train_z, train_y, test_z, test_y, k=5):
    cosine = F.normalize(test_z, dim=1) @ F.normalize(train_z, dim=1).T
    neighbours = train_y[cosine.topk(k, dim=1).indices]
    votes = torch.stack([(neighbours == label).sum(1) for label in range(10)], dim=1)
    return (votes.argmax(1) == test_y).float().mean()
