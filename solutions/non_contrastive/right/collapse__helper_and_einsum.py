"""A helper for unit rows, einsum for their lengths, moments for the deviation."""


def unit_rows(z):
    return z * torch.einsum("nd,nd->n", z, z).rsqrt()[:, None]


def feature_deviation(z):
    unit = unit_rows(z.double())
    spread = (unit**2).mean(0) - unit.mean(0) ** 2
    return (spread.clamp(min=0).sqrt().mean() * unit.shape[1] ** 0.5).item()


def effective_rank(z):
    s = torch.linalg.svdvals(z)
    p = s / s.sum()
    return torch.exp(-torch.xlogy(p, p).sum())
