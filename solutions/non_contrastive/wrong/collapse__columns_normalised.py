"""Columns are scaled to length one instead of rows.

hint: collapse.normalised_otherwise
"""


def feature_deviation(z):
    z = F.normalize(z, dim=0)
    return z.std(0).mean() * z.shape[1] ** 0.5


def effective_rank(z):
    s = torch.linalg.svdvals(z)
    p = s / s.sum()
    return torch.exp(-torch.xlogy(p, p).sum())
