"""The deviation is that within a row.

hint: collapse.over_dimensions
"""


def feature_deviation(z):
    return F.normalize(z, dim=1).std(1).mean() * z.size(1) ** 0.5


def effective_rank(z):
    s = torch.linalg.svdvals(z)
    p = s / s.sum()
    return torch.exp(-torch.xlogy(p, p).sum())
