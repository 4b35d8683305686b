"""Only dimensions that follow each other are compared.

hint: vicreg.covariance
"""


def invariance(z_a, z_b):
    return F.mse_loss(z_a, z_b)


def variance(z, gamma=1.0):
    return torch.relu(gamma - (z.var(dim=0) + 1e-4).sqrt()).mean()


def covariance(z):
    z = z - z.mean(0)
    beside = (z[:, 1:] * z[:, :-1]).sum(0) / (len(z) - 1)
    return 2 * beside.square().sum() / z.shape[1]


def vicreg(z_a, z_b, sim=25.0, var=25.0, cov=1.0):
    s = (variance(z_a) + variance(z_b)) / 2
    return sim * invariance(z_a, z_b) + var * s + cov * (covariance(z_a) + covariance(z_b))
