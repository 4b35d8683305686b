"""The weight is multiplied in before the square.

hint: barlow_twins.lambda_squared
"""


def barlow_twins(z_a, z_b, lambd=0.01):
    def standard(z):
        z = (z - z.mean(0)) / (z.std(0) + 1e-6)
        return z

    a, b = standard(z_a), standard(z_b)
    c = a.T @ b / len(z_a)
    on = (1 - c.diagonal()).square().sum()
    off = (lambd * (c - torch.diag(c.diagonal()))).square().sum()
    return on + off
