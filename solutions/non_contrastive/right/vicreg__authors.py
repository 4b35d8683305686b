"""As in the authors' code, with its off_diagonal."""


def invariance(z_a, z_b):
    return F.mse_loss(z_a, z_b)


def variance(z, gamma=1.0):
    return F.relu(gamma - torch.sqrt(z.var(dim=0) + 1e-4)).mean()


def off_diagonal(x):
    n, m = x.shape
    assert n == m
    return x.flatten()[:-1].view(n - 1, n + 1)[:, 1:].flatten()


def covariance(z):
    x = z - z.mean(dim=0)
    cov_x = (x.T @ x) / (z.shape[0] - 1)
    return off_diagonal(cov_x).pow_(2).sum().div(z.shape[1])


def vicreg(z_a, z_b, sim=25.0, var=25.0, cov=1.0):
    repr_loss = invariance(z_a, z_b)
    std_loss = variance(z_a) / 2 + variance(z_b) / 2
    cov_loss = covariance(z_a) + covariance(z_b)
    return sim * repr_loss + var * std_loss + cov * cov_loss
