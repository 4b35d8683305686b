"""The diagonal is in the second sum as well.

hint: barlow_twins.off_with_diagonal
"""


def barlow_twins(z_a, z_b, lambd=0.01):
    def standard(z):
        z = (z - z.mean(0)) / (z.std(0) + 1e-6)
        return z

    a, b = standard(z_a), standard(z_b)
    c = a.T @ b / len(z_a)
    on = (1 - c.diagonal()).square().sum()
    off = c.square().sum()
    return on + lambd * off
