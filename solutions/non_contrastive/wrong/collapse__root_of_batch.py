"""The root of the batch where that of the dimensions is meant.

hint: collapse.root_of_dim
"""


def feature_deviation(z):
    return F.normalize(z, dim=1).std(0).mean() * len(z) ** 0.5


def effective_rank(z):
    s = torch.linalg.svdvals(z)
    p = s / s.sum()
    return torch.exp(-torch.xlogy(p, p).sum())
