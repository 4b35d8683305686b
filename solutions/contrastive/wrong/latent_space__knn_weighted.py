"""Votes are weighted by the cosine.

hint: latent_space.knn_majority
"""


def alignment(z_a, z_b):
    return (z_a - z_b).square().sum(dim=1).mean()


def uniformity(z, t=2.0):
    return torch.pdist(z).square().mul(-t).exp().mean().log()


def knn_accuracy(train_z, train_y, test_z, test_y, k=5):
    cosine, nearest = (F.normalize(test_z, dim=1) @ F.normalize(train_z, dim=1).T).topk(k, dim=1)
    classes, index = train_y.unique(return_inverse=True)
    votes = (F.one_hot(index[nearest], len(classes)) * cosine[:, :, None]).sum(1)
    return (classes[votes.argmax(1)] == test_y).float().mean()
