"""Results with an axis of length one; everything in float64; each label is tried in turn."""


def alignment(z_a, z_b):
    z_a, z_b = z_a.double(), z_b.double()
    return torch.linalg.vector_norm(z_a - z_b, dim=-1).square().mean(0, keepdim=True)


def uniformity(z, t=2.0):
    z = F.normalize(z.double(), dim=1)
    kernel = torch.exp(-t * torch.pdist(z).pow(2))
    return torch.log(kernel.mean()).reshape(1)


def knn_accuracy(train_z, train_y, test_z, test_y, k=5):
    similarity = F.normalize(train_z.double()) @ F.normalize(test_z.double()).T
    neighbours = train_y[similarity.argsort(0)[-k:]]
    best = torch.full((len(test_y),), -1)
    winner = torch.zeros_like(test_y)
    for label in set(train_y.tolist()):
        votes = (neighbours == label).sum(0)
        winner = torch.where(votes > best, torch.full_like(winner, label), winner)
        best = torch.maximum(best, votes)
    return (winner == test_y).double().mean().reshape(1)
