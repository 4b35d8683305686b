"""Squared distances by way of inner products; the mean over ordered pairs off the diagonal."""


def alignment(z_a, z_b):
    return 2 - 2 * (z_a * z_b).sum(-1).mean()


def uniformity(z, t=2.0):
    squared = 2 - 2 * z @ z.T
    off = ~torch.eye(len(z), dtype=torch.bool)
    return squared[off].mul(-t).exp().mean().log()


def knn_accuracy(train_z, train_y, test_z, test_y, k=5):
    classes, train_index = train_y.unique(return_inverse=True)
    cosine = F.cosine_similarity(test_z[:, None], train_z[None], dim=-1)
    nearest = cosine.argsort(dim=1, descending=True)[:, :k]
    votes = F.one_hot(train_index[nearest], len(classes)).sum(1)
    return (classes[votes.argmax(1)] == test_y).float().mean()
