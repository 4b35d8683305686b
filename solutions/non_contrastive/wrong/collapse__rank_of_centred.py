"""The matrix is centred first.

hint: collapse.rank_centred
"""


def feature_deviation(z):
    z = F.normalize(z, dim=1)
    return z.std(0).mean() * math.sqrt(z.shape[1])


def effective_rank(z):
    s = torch.linalg.svdvals(z - z.mean(0))
    p = s / s.sum()
    return torch.special.entr(p).sum().exp()
