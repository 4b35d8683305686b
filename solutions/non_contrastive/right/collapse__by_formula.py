"""ln of the sum minus the mean logarithm, weighted: the entropy without shares."""


def feature_deviation(z):
    z = F.normalize(z, dim=1)
    return z.std(0).mean() * math.sqrt(z.shape[1])


def effective_rank(z):
    s = torch.linalg.svdvals(z)
    total = s.sum()
    return total * torch.exp(-torch.xlogy(s, s).sum() / total)
