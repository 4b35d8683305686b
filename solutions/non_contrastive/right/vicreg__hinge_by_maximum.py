"""The hinge as a maximum with zeros, the covariance from torch.cov."""


def invariance(z_a, z_b):
    return F.mse_loss(z_a, z_b)


def variance(z, gamma=1.0):
    lacking = gamma - (torch.var(z, 0, unbiased=True) + 1e-4).sqrt()
    return torch.maximum(lacking, torch.zeros_like(lacking)).mean()


def covariance(z):
    c = torch.cov(z.T)
    beside = ~torch.eye(c.shape[0], dtype=torch.bool)
    return c[beside].pow(2).sum() / c.shape[0]


def vicreg(z_a, z_b, sim=25.0, var=25.0, cov=1.0):
    spread = (variance(z_a) + variance(z_b)) / 2
    return sim * invariance(z_a, z_b) + var * spread + cov * (covariance(z_a) + covariance(z_b))
