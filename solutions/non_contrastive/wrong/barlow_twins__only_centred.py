"""Columns are centred and keep their deviation.

hint: barlow_twins.not_scaled
"""


def barlow_twins(z_a, z_b, lambd=0.01):
    def standard(z):
        z = z - z.mean(0)
        return z

    a, b = standard(z_a), standard(z_b)
    c = a.T @ b / len(z_a)
    on = (1 - c.diagonal()).square().sum()
    off = c.masked_fill(torch.eye(len(c), dtype=torch.bool), 0.0).square().sum()
    return on + lambd * off
