"""Rows keep their length.

hint: collapse.not_normalised
"""


def feature_deviation(z):
    return z.std(dim=0).mean() * z.shape[1] ** 0.5


def effective_rank(z):
    s = torch.linalg.svdvals(z)
    p = s / s.sum()
    return torch.exp(-torch.xlogy(p, p).sum())
