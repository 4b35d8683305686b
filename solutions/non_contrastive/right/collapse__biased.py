"""The biased deviation, by its definition."""


def feature_deviation(z):
    unit = z / z.norm(dim=1, keepdim=True)
    deviation = ((unit - unit.mean(0)) ** 2).mean(0).sqrt()
    return deviation.mean() * unit.size(1) ** 0.5


def effective_rank(z):
    s = torch.linalg.svdvals(z)
    p = s / s.sum()
    return torch.exp(-torch.xlogy(p, p).sum())
