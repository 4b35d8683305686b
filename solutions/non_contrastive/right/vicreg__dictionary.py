"""The terms in a dictionary with their weights."""


def invariance(z_a, z_b):
    return F.mse_loss(z_a, z_b)


def variance(z, gamma=1.0):
    return F.relu(gamma - torch.sqrt(z.var(dim=0) + 1e-4)).mean()


def covariance(z):
    z = z - z.mean(dim=0)
    c = z.T @ z / (len(z) - 1)
    return (c.square().sum() - c.diagonal().square().sum()) / z.shape[1]


def vicreg(z_a, z_b, sim=25.0, var=25.0, cov=1.0):
    terms = {
        "s": (sim, invariance(z_a, z_b)),
        "v": (var, torch.stack([variance(z) for z in (z_a, z_b)]).mean()),
        "c": (cov, sum(covariance(z) for z in (z_a, z_b))),
    }
    return sum(weight * term for weight, term in terms.values())
