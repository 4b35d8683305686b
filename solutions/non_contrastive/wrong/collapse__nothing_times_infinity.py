"""0 times the logarithm of 0 is nan.

hint: collapse.zero_share
"""


def feature_deviation(z):
    z = F.normalize(z, dim=1)
    return z.std(0).mean() * math.sqrt(z.shape[1])


def effective_rank(z):
    s = torch.linalg.svdvals(z)
    p = s / s.sum()
    return torch.exp(-(p * torch.log(p)).sum())
