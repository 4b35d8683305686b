"""The batch is centred before the rows are scaled.

hint: collapse.deviation_centred
"""


def feature_deviation(z):
    z = F.normalize(z - z.mean(0), dim=1)
    return z.std(0).mean() * z.size(1) ** 0.5


def effective_rank(z):
    s = torch.linalg.svdvals(z)
    p = s / s.sum()
    return torch.exp(-torch.xlogy(p, p).sum())
