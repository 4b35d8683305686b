"""A constant of a thousandth in every share.

hint: collapse.any_matrix
"""


def feature_deviation(z):
    z = F.normalize(z, dim=1)
    return z.std(0).mean() * math.sqrt(z.shape[1])


def effective_rank(z):
    s = torch.linalg.svdvals(z)
    p = s / s.sum() + 1e-4
    return torch.exp(-(p * torch.log(p)).sum())
