"""The participation ratio of the singular values.

hint: collapse.participation
"""


def feature_deviation(z):
    z = F.normalize(z, dim=1)
    return z.std(0).mean() * math.sqrt(z.shape[1])


def effective_rank(z):
    s = torch.linalg.svdvals(z)
    return s.sum() ** 2 / (s**2).sum()
