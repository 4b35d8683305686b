"""Entropy in bits, and a power of two."""


def feature_deviation(z):
    z = F.normalize(z, dim=1)
    return z.std(0).mean() * math.sqrt(z.shape[1])


def effective_rank(z):
    s = torch.linalg.svdvals(z)
    p = s / s.sum()
    bits = -(p * torch.log2(p.clamp_min(torch.finfo(p.dtype).tiny))).sum()
    return 2**bits
