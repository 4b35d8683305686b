"""Squared mean of the norm difference; the mean square by way of norms."""


def invariance(z_a, z_b):
    difference = (z_a - z_b).flatten()
    return difference.dot(difference) / z_a.numel()


def variance(z, gamma=1.0):
    n = len(z)
    unbiased = (z - z.mean(0)).square().sum(0) / (n - 1)
    return torch.nn.functional.threshold(gamma - (unbiased + 1e-4).sqrt(), 0.0, 0.0).mean()


def covariance(z):
    z = z - z.mean(dim=0)
    c = z.T @ z / (len(z) - 1)
    return (c.square().sum() - c.diagonal().square().sum()) / z.shape[1]


def vicreg(z_a, z_b, sim=25.0, var=25.0, cov=1.0):
    spread = (variance(z_a) + variance(z_b)) / 2
    return sim * invariance(z_a, z_b) + var * spread + cov * (covariance(z_a) + covariance(z_b))
