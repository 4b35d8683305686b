"""A gamma of 0 counts as not given.

hint: vicreg.zero_argument
"""


def invariance(z_a, z_b):
    return F.mse_loss(z_a, z_b)


def variance(z, gamma=None):
    return ((gamma or 1.0) - (z.var(0) + 1e-4).sqrt()).clamp(min=0).mean()


def covariance(z):
    matrix = z.T.cov()
    return matrix.triu(1).square().sum() * 2 / z.shape[1]


def vicreg(z_a, z_b, sim=25.0, var=25.0, cov=1.0):
    terms = [invariance(z_a, z_b), (variance(z_a) + variance(z_b)) / 2]
    return sim * terms[0] + var * terms[1] + cov * (covariance(z_a) + covariance(z_b))
