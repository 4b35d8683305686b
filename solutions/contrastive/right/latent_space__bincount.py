"""Votes by bincount; distances in float64."""


def alignment(z_a, z_b):
    return float(torch.linalg.vector_norm(z_a.double() - z_b.double(), dim=1).square().mean())


def uniformity(z, t=2.0):
    z = z.double()
    i, j = torch.triu_indices(len(z), len(z), offset=1)
    exponents = -t * (z[i] - z[j]).square().sum(1)
    return exponents.logsumexp(0) - math.log(len(i))


def knn_accuracy(train_z, train_y, test_z, test_y, k=5):
    cosine = F.normalize(test_z, dim=1) @ F.normalize(train_z, dim=1).T
    near = cosine.topk(k, dim=1).indices
    right = [int(torch.bincount(row).argmax()) == y for row, y in zip(train_y[near], test_y.tolist())]
    return sum(right) / len(right)
