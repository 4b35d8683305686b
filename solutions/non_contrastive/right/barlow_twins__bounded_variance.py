"""The variance is bounded from below, and the root taken of that."""


def barlow_twins(z_a, z_b, lambd=0.01):
    def standard(z):
        variance, mean = torch.var_mean(z, dim=0, correction=0)
        return (z - mean) / variance.clamp_min(1e-4).sqrt()

    c = standard(z_a).T.matmul(standard(z_b)).mul(1 / len(z_a))
    mask = torch.eye(c.shape[0], dtype=torch.bool)
    return (1 - c[mask]).square().sum() + lambd * c[~mask].square().sum()
