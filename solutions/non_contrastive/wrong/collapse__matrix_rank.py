"""The ordinary rank.

hint: collapse.counted
"""


def feature_deviation(z):
    z = F.normalize(z, dim=1)
    return z.std(0).mean() * math.sqrt(z.shape[1])


def effective_rank(z):
    return float(torch.linalg.matrix_rank(z))
