"""Only more than half of the votes win; else the nearest neighbour decides.

hint: latent_space.knn_majority
"""


def alignment(z_a, z_b):
    return (z_a - z_b).square().sum(dim=1).mean()


def uniformity(z, t=2.0):
    return torch.pdist(z).square().mul(-t).exp().mean().log()


def knn_accuracy(train_z, train_y, test_z, test_y, k=5):
    cosine = F.normalize(test_z, dim=1) @ F.normalize(train_z, dim=1).T
    votes = train_y[cosine.topk(k, dim=1).indices]
    right = 0
    for row, label in zip(votes.tolist(), test_y.tolist()):
        most = max(row, key=row.count)
        predicted = most if row.count(most) > k / 2 else row[0]
        right += predicted == label
    return right / len(test_y)
