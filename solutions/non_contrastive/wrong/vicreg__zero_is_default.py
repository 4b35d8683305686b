"""A weight of 0 counts as not given.

hint: vicreg.zero_argument
"""


def invariance(z_a, z_b):
    return (z_a - z_b).square().mean()


def variance(z, gamma=1.0):
    return F.relu(gamma - torch.sqrt(z.var(0) + 1e-4)).mean()


def covariance(z):
    z = z - z.mean(0)
    matrix = z.T @ z / (len(z) - 1)
    off = matrix.square().sum() - matrix.diagonal().square().sum()
    return off / z.shape[1]


def vicreg(z_a, z_b, sim=None, var=None, cov=None):
    sim, var, cov = sim or 25.0, var or 25.0, cov or 1.0
    spread = variance(z_a) / 2 + variance(z_b) / 2
    return sim * invariance(z_a, z_b) + var * spread + cov * (covariance(z_a) + covariance(z_b))
