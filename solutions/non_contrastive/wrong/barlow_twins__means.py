"""Means instead of sums.

hint: barlow_twins.mean
"""


def barlow_twins(z_a, z_b, lambd=0.01):
    def standard(z):
        z = (z - z.mean(0)) / (z.std(0) + 1e-6)
        return z

    a, b = standard(z_a), standard(z_b)
    c = a.T @ b / len(z_a)
    on = (1 - c.diagonal()).square().mean()
    off = c[~torch.eye(len(c), dtype=torch.bool)].square().mean()
    return on + lambd * off
