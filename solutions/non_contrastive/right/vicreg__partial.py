"""Weights and gamma are bound by functools.partial; the hinge is a ReLU6 with room."""

from functools import partial


def invariance(z_a, z_b):
    return nn.MSELoss()(z_a, z_b)


def hinge(z, gamma):
    return torch.maximum(gamma - torch.var(z, 0).add(1e-4).pow(0.5), z.new_zeros(())).mean()


def variance(z, gamma=1.0):
    return partial(hinge, gamma=gamma)(z)


def covariance(z):
    d = z.shape[1]
    rows, columns = torch.tril_indices(d, d, offset=-1)
    entries = torch.cov(z.T, correction=1)[rows, columns]
    return 2 * entries.dot(entries) / d


def vicreg(z_a, z_b, sim=25.0, var=25.0, cov=1.0):
    weigh = partial(torch.mul)
    loss = weigh(invariance(z_a, z_b), sim)
    for z in (z_a, z_b):
        loss = loss + weigh(variance(z), var / 2) + weigh(covariance(z), cov)
    return loss
