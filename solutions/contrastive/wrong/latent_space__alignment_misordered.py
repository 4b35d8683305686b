"""The second view is turned round, so that partners do not meet.

hint: latent_space.alignment_partner
"""


def alignment(z_a, z_b):
    return (z_a - z_b.flip(0)).square().sum(dim=1).mean()


def uniformity(z, t=2.0):
    return torch.pdist(z).square().mul(-t).exp().mean().log()


def knn_accuracy(train_z, train_y, test_z, test_y, k=5):
    cosine = F.normalize(test_z, dim=1) @ F.normalize(train_z, dim=1).T
    votes = train_y[cosine.topk(k, dim=1).indices]
    return (votes.mode(dim=1).values == test_y).float().mean()
