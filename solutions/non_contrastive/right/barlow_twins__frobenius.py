"""The squared norm of a weighted difference to the identity."""


def barlow_twins(z_a, z_b, lambd=0.01):
    def standardise(z):
        return (z - z.mean(0)) / (z.var(0) + 1e-6).sqrt()

    c = standardise(z_a).T @ standardise(z_b) / z_a.shape[0]
    difference = c - torch.eye(c.shape[0]).to(c)
    on = difference.diagonal()
    return (1 - lambd) * (on @ on) + lambd * difference.square().sum()
