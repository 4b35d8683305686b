"""The test clips are among the clips searched.

hint: latent_space.knn_self
"""


def alignment(z_a, z_b):
    return (z_a - z_b).square().sum(dim=1).mean()


def uniformity(z, t=2.0):
    return torch.pdist(z).square().mul(-t).exp().mean().log()


def knn_accuracy(train_z, train_y, test_z, test_y, k=5):
    z, y = F.normalize(torch.cat([train_z, test_z]), dim=1), torch.cat([train_y, test_y])
    cosine = F.normalize(test_z, dim=1) @ z.T
    votes = y[cosine.topk(k, dim=1).indices]
    return (votes.mode(dim=1).values == test_y).float().mean()
