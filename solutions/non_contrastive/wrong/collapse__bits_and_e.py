"""Entropy in bits, exponential to base e.

hint: collapse.other_base
"""


def feature_deviation(z):
    z = F.normalize(z, dim=1)
    return z.std(0).mean() * math.sqrt(z.shape[1])


def effective_rank(z):
    s = torch.linalg.svdvals(z)
    p = (s / s.sum()).clamp_min(1e-30)
    return torch.exp(-(p * p.log2()).sum())
