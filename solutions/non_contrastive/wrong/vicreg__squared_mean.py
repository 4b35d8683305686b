"""The mean difference squared.

hint: vicreg.invariance_not_squared
"""


def invariance(z_a, z_b):
    return (z_a - z_b).mean().square()


def variance(z, gamma=1.0):
    return F.relu(gamma - torch.sqrt(z.var(dim=0) + 1e-4)).mean()


def covariance(z):
    z = z - z.mean(dim=0)
    c = z.T @ z / (len(z) - 1)
    return (c.square().sum() - c.diagonal().square().sum()) / z.shape[1]


def vicreg(z_a, z_b, sim=25.0, var=25.0, cov=1.0):
    spread = (variance(z_a) + variance(z_b)) / 2
    return sim * invariance(z_a, z_b) + var * spread + cov * (covariance(z_a) + covariance(z_b))
