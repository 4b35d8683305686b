"""The factor is the number of dimensions and not its root.

hint: collapse.root_of_dim
"""


def feature_deviation(z):
    return F.normalize(z, dim=1).std(0).mean() * z.size(1)


def effective_rank(z):
    s = torch.linalg.svdvals(z)
    p = s / s.sum()
    return torch.exp(-torch.xlogy(p, p).sum())
