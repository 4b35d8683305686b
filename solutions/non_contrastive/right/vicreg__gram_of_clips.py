"""The sum of squares of the covariance from the smaller matrix between clips."""


def invariance(z_a, z_b):
    return F.mse_loss(z_a, z_b)


def variance(z, gamma=1.0):
    return F.relu(gamma - torch.sqrt(z.var(dim=0) + 1e-4)).mean()


def covariance(z):
    z = z - z.mean(0)
    gram = z @ z.T / (len(z) - 1)
    everything = gram.square().sum()
    diagonal = z.var(0).square().sum()
    return (everything - diagonal) / z.size(1)


def vicreg(z_a, z_b, sim=25.0, var=25.0, cov=1.0):
    spread = (variance(z_a) + variance(z_b)) / 2
    return sim * invariance(z_a, z_b) + var * spread + cov * (covariance(z_a) + covariance(z_b))
