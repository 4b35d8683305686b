"""The stable rank: squares over the largest square.

hint: collapse.stable_rank
"""


def feature_deviation(z):
    z = F.normalize(z, dim=1)
    return z.std(0).mean() * math.sqrt(z.shape[1])


def effective_rank(z):
    s = torch.linalg.svdvals(z)
    return (s**2).sum() / s[0] ** 2
