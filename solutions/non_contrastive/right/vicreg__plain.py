"""Squares, roots and sums by hand."""


def invariance(z_a, z_b):
    return ((z_a - z_b) ** 2).sum() / z_a.numel()


def variance(z, gamma=1.0):
    centred = z - z.sum(0) / len(z)
    deviation = ((centred**2).sum(0) / (len(z) - 1) + 1e-4) ** 0.5
    lacking = gamma - deviation
    return (lacking * (lacking > 0)).sum() / z.shape[1]


def covariance(z):
    z = z - z.mean(dim=0)
    c = z.T @ z / (len(z) - 1)
    return (c.square().sum() - c.diagonal().square().sum()) / z.shape[1]


def vicreg(z_a, z_b, sim=25.0, var=25.0, cov=1.0):
    spread = (variance(z_a) + variance(z_b)) / 2
    return sim * invariance(z_a, z_b) + var * spread + cov * (covariance(z_a) + covariance(z_b))
