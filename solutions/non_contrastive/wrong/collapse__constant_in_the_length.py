"""A constant of a tenth in the length, so short rows count as short.

hint: collapse.constant_in_the_length
"""


def feature_deviation(z):
    z = z / (z.norm(dim=1, keepdim=True) + 0.1)
    return z.std(0).mean() * z.size(1) ** 0.5


def effective_rank(z):
    s = torch.linalg.svdvals(z)
    p = s / s.sum()
    return torch.exp(-torch.xlogy(p, p).sum())
