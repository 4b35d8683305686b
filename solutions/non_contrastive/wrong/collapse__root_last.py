"""The root is taken after the mean.

hint: collapse.root_of_mean
"""


def feature_deviation(z):
    return (F.normalize(z, dim=1).var(0).mean() * z.size(1)).sqrt()


def effective_rank(z):
    s = torch.linalg.svdvals(z)
    p = s / s.sum()
    return torch.exp(-torch.xlogy(p, p).sum())
