"""The number of dimensions is written into the code.

hint: collapse.any_batch
"""


def feature_deviation(z):
    return F.normalize(z, dim=1).std(0).mean() * math.sqrt(5)


def effective_rank(z):
    s = torch.linalg.svdvals(z)
    p = s / s.sum()
    return torch.exp(-torch.xlogy(p, p).sum())
