"""The terms of both views from one stacked tensor."""


def invariance(z_a, z_b):
    return F.mse_loss(z_a, z_b)


def variance(z, gamma=1.0):
    return F.relu(gamma - torch.sqrt(z.var(dim=0) + 1e-4)).mean()


def covariance(z):
    z = z - z.mean(dim=0)
    c = z.T @ z / (len(z) - 1)
    return (c.square().sum() - c.diagonal().square().sum()) / z.shape[1]


def vicreg(z_a, z_b, sim=25.0, var=25.0, cov=1.0):
    z = torch.stack([z_a, z_b])
    lacking = (1.0 - (z.var(dim=1) + 1e-4).sqrt()).relu().mean()
    centred = z - z.mean(dim=1, keepdim=True)
    c = centred.transpose(1, 2) @ centred / (z.shape[1] - 1)
    c = c * (1 - torch.eye(c.shape[-1], dtype=c.dtype))
    return sim * invariance(z_a, z_b) + var * lacking + cov * c.square().sum() / z.shape[2]
