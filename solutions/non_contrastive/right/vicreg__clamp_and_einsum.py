"""A clamp as the hinge, einsum for the covariance."""


def invariance(z_a, z_b):
    return F.mse_loss(z_a, z_b)


def variance(z, gamma=1.0):
    return (gamma - (z.var(0) + 1e-4).sqrt()).clamp(min=0).mean()


def covariance(z):
    centred = z - z.mean(0, keepdim=True)
    c = torch.einsum("ni,nj->ij", centred, centred) / (z.size(0) - 1)
    return c.masked_fill(torch.eye(len(c), dtype=torch.bool), 0).pow(2).sum() / z.size(1)


def vicreg(z_a, z_b, sim=25.0, var=25.0, cov=1.0):
    spread = (variance(z_a) + variance(z_b)) / 2
    return sim * invariance(z_a, z_b) + var * spread + cov * (covariance(z_a) + covariance(z_b))
