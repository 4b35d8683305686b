"""A constant of two hundredths under the root of small variances only.

hint: barlow_twins.any_batch
"""


def barlow_twins(z_a, z_b, lambd=0.01):
    def standard(z):
        v = z.var(0)
        z = (z - z.mean(0)) / torch.where(v < 1, v + 0.02, v).sqrt()
        return z

    a, b = standard(z_a), standard(z_b)
    c = a.T @ b / len(z_a)
    on = (1 - c.diagonal()).square().sum()
    off = c.masked_fill(torch.eye(len(c), dtype=torch.bool), 0.0).square().sum()
    return on + lambd * off
