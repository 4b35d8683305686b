"""Entries are not squared.

hint: vicreg.covariance_not_squared
"""


def invariance(z_a, z_b):
    return F.mse_loss(z_a, z_b)


def variance(z, gamma=1.0):
    return F.relu(gamma - torch.sqrt(z.var(dim=0) + 1e-4)).mean()


def covariance(z):
    c = torch.cov(z.T)
    return (c.sum() - c.diagonal().sum()) / z.shape[1]


def vicreg(z_a, z_b, sim=25.0, var=25.0, cov=1.0):
    spread = (variance(z_a) + variance(z_b)) / 2
    return sim * invariance(z_a, z_b) + var * spread + cov * (covariance(z_a) + covariance(z_b))
