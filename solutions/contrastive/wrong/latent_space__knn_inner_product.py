"""Inner products of embeddings that are not normalised.

hint: latent_space.knn_inner_product
"""


def alignment(z_a, z_b):
    return (z_a - z_b).square().sum(dim=1).mean()


def uniformity(z, t=2.0):
    return torch.pdist(z).square().mul(-t).exp().mean().log()


def knn_accuracy(train_z, train_y, test_z, test_y, k=5):
    cosine = test_z @ train_z.T
    votes = train_y[cosine.topk(k, dim=1).indices]
    return (votes.mode(dim=1).values == test_y).float().mean()
