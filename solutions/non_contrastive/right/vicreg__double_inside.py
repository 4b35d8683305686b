"""Float64 inside, the inputs' dtype outside."""


def invariance(z_a, z_b):
    return F.mse_loss(z_a, z_b)


def variance(z, gamma=1.0):
    return F.relu(gamma - torch.sqrt(z.var(dim=0) + 1e-4)).mean()


def covariance(z):
    x = z.double()
    x = x - x.mean(0)
    c = x.T.mm(x) / (x.shape[0] - 1)
    return ((c - torch.diag(torch.diag(c))) ** 2).sum().div(x.shape[1]).to(z.dtype)


def vicreg(z_a, z_b, sim=25.0, var=25.0, cov=1.0):
    spread = (variance(z_a) + variance(z_b)) / 2
    return sim * invariance(z_a, z_b) + var * spread + cov * (covariance(z_a) + covariance(z_b))
