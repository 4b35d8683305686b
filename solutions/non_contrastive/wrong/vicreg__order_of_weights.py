"""The weights in another order.

hint: vicreg.order_of_weights
"""


def invariance(z_a, z_b):
    return F.mse_loss(z_a, z_b)


def variance(z, gamma=1.0):
    return F.relu(gamma - torch.sqrt(z.var(dim=0) + 1e-4)).mean()


def covariance(z):
    z = z - z.mean(dim=0)
    c = z.T @ z / (len(z) - 1)
    return (c.square().sum() - c.diagonal().square().sum()) / z.shape[1]


def vicreg(z_a, z_b, var=25.0, sim=25.0, cov=1.0):
    i = invariance(z_a, z_b)
    v_a, v_b = variance(z_a), variance(z_b)
    c_a, c_b = covariance(z_a), covariance(z_b)
    return sim * i + var * (v_a + v_b) / 2 + cov * (c_a + c_b)
