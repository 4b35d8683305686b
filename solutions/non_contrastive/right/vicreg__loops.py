"""Pairs of dimensions one by one."""


def invariance(z_a, z_b):
    return F.mse_loss(z_a, z_b)


def variance(z, gamma=1.0):
    terms = [F.relu(gamma - (column.var() + 1e-4).sqrt()) for column in z.unbind(1)]
    return torch.stack(terms).mean()


def covariance(z):
    n, dim = z.shape
    columns = [column - column.mean() for column in z.unbind(1)]
    total = 0.0
    for i in range(dim):
        for j in range(i + 1, dim):
            total = total + 2 * (columns[i] @ columns[j] / (n - 1)) ** 2
    return total / dim


def vicreg(z_a, z_b, sim=25.0, var=25.0, cov=1.0):
    spread = (variance(z_a) + variance(z_b)) / 2
    return sim * invariance(z_a, z_b) + var * spread + cov * (covariance(z_a) + covariance(z_b))
