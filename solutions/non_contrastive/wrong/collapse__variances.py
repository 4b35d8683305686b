"""Variances are averaged.

hint: collapse.variance
"""


def feature_deviation(z):
    return F.normalize(z, dim=1).var(0).mean() * z.size(1) ** 0.5


def effective_rank(z):
    s = torch.linalg.svdvals(z)
    p = s / s.sum()
    return torch.exp(-torch.xlogy(p, p).sum())
