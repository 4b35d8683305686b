"""The rank is that of the unit rows.

hint: collapse.rank_rows_normalised
"""


def feature_deviation(z):
    z = F.normalize(z, dim=1)
    return z.std(0).mean() * math.sqrt(z.shape[1])


def effective_rank(z):
    s = torch.linalg.svdvals(F.normalize(z, dim=1))
    p = s / s.sum()
    return torch.special.entr(p).sum().exp()
