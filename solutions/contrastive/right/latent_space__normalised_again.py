"""Everything is normalised first; pairs are taken from the upper triangle."""


def alignment(z_a, z_b, alpha=2):
    z_a, z_b = F.normalize(z_a, dim=1), F.normalize(z_b, dim=1)
    return (z_a - z_b).norm(p=2, dim=1).pow(alpha).mean()


def uniformity(z, t=2.0):
    z = F.normalize(z, dim=1)
    i, j = torch.triu_indices(len(z), len(z), offset=1)
    return torch.log(torch.exp(-t * ((z[i] - z[j]) ** 2).sum(1)).mean())


def knn_accuracy(train_z, train_y, test_z, test_y, k=5):
    distance = torch.cdist(F.normalize(test_z), F.normalize(train_z))
    nearest = distance.topk(k, largest=False).indices
    return (train_y[nearest].mode().values == test_y).double().mean().item()
