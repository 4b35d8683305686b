"""Singular values below a thousandth are dropped, however small the matrix is.

hint: collapse.scale
"""


def feature_deviation(z):
    rows = F.normalize(z, dim=-1)
    return rows.std(dim=0).mean() * math.sqrt(z.size(-1))


def effective_rank(z):
    values = torch.linalg.svdvals(z)
    values = values[values > 1e-3]
    shares = values / values.sum()
    return torch.exp(-(shares * shares.log()).sum())
