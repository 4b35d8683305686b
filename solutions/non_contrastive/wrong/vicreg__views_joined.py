"""Variance and covariance of both views in one batch.

hint: vicreg.views_joined
"""


def invariance(z_a, z_b):
    return F.mse_loss(z_a, z_b)


def variance(z, gamma=1.0):
    return F.relu(gamma - torch.sqrt(z.var(dim=0) + 1e-4)).mean()


def covariance(z):
    z = z - z.mean(dim=0)
    c = z.T @ z / (len(z) - 1)
    return (c.square().sum() - c.diagonal().square().sum()) / z.shape[1]


def vicreg(z_a, z_b, sim=25.0, var=25.0, cov=1.0):
    i = invariance(z_a, z_b)
    v_a, v_b = variance(z_a), variance(z_b)
    c_a, c_b = covariance(z_a), covariance(z_b)
    z = torch.cat([z_a, z_b])
    return sim * i + var * variance(z) + 2 * cov * covariance(z)
