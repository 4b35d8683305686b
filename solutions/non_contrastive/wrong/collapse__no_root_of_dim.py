"""The factor is forgotten.

hint: collapse.root_of_dim
"""


def feature_deviation(z):
    return F.normalize(z, dim=1).std(0).mean()


def effective_rank(z):
    s = torch.linalg.svdvals(z)
    p = s / s.sum()
    return torch.exp(-torch.xlogy(p, p).sum())
