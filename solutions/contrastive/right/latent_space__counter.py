"""collections.Counter for the vote; a mean of all ordered pairs less the diagonal."""

from collections import Counter


def squared_distances(x, y):
    return (x[:, None, :] - y[None, :, :]).square().sum(dim=2)


def alignment(z_a, z_b):
    return squared_distances(z_a, z_b).diagonal().mean()


def uniformity(z, t=2.0):
    n = len(z)
    potential = torch.exp(-t * squared_distances(z, z))
    return torch.log((potential.sum() - n) / (n * (n - 1)))


def majority(labels):
    return Counter(labels).most_common(1)[0][0]


def knn_accuracy(train_z, train_y, test_z, test_y, k=5):
    train = train_z / train_z.norm(dim=1, keepdim=True)
    order = (test_z @ train.T).sort(dim=1, descending=True).indices[:, :k]
    hits = [majority(train_y[row].tolist()) == y for row, y in zip(order, test_y.tolist())]
    return torch.tensor(hits).float().mean()
