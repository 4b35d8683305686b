"""One deviation of all coordinates together.

hint: collapse.all_at_once
"""


def feature_deviation(z):
    return F.normalize(z, dim=1).std() * z.size(1) ** 0.5


def effective_rank(z):
    s = torch.linalg.svdvals(z)
    p = s / s.sum()
    return torch.exp(-torch.xlogy(p, p).sum())
