"""Votes by one-hot rows, as many as there are labels."""


def alignment(z_a, z_b):
    return (z_a - z_b).pow(2).sum(1).mean()


def uniformity(z, t=2.0):
    return torch.pdist(z).pow(2).mul(-t).exp().mean().log()


def knn_accuracy(train_z, train_y, test_z, test_y, k=5):
    cosine = F.normalize(test_z, dim=1) @ F.normalize(train_z, dim=1).T
    near = cosine.topk(k, dim=1).indices
    votes = F.one_hot(train_y[near], int(max(train_y.max(), test_y.max())) + 1).sum(1)
    return (votes.argmax(1) == test_y).double().mean()
