"""Rows are divided by the sum of their magnitudes.

hint: collapse.normalised_otherwise
"""


def feature_deviation(z):
    z = F.normalize(z, p=1, dim=1)
    return z.std(0).mean() * z.shape[1] ** 0.5


def effective_rank(z):
    s = torch.linalg.svdvals(z)
    p = s / s.sum()
    return torch.exp(-torch.xlogy(p, p).sum())
