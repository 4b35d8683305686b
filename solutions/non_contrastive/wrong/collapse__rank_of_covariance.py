"""The eigenvalues of the second moments are taken for singular values.

hint: collapse.rank_squared
"""


def feature_deviation(z):
    z = F.normalize(z, dim=1)
    return z.std(0).mean() * math.sqrt(z.shape[1])


def effective_rank(z):
    s = torch.linalg.eigvalsh(z.T @ z).clamp(min=0)
    p = s / s.sum()
    return torch.special.entr(p).sum().exp()
