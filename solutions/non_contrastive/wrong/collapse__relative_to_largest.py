"""Singular values are divided by the largest.

hint: collapse.shares
"""


def feature_deviation(z):
    z = F.normalize(z, dim=1)
    return z.std(0).mean() * math.sqrt(z.shape[1])


def effective_rank(z):
    s = torch.linalg.svdvals(z)
    p = s / s.max()
    return torch.exp(-torch.xlogy(p, p).sum())
