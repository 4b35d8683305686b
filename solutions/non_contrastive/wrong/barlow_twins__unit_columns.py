"""Centred columns of length one, divided by the batch once more.

hint: barlow_twins.scaled_otherwise
"""


def barlow_twins(z_a, z_b, lambd=0.01):
    def standard(z):
        z = F.normalize(z - z.mean(0), dim=0)
        return z

    a, b = standard(z_a), standard(z_b)
    c = a.T @ b / len(z_a)
    on = (1 - c.diagonal()).square().sum()
    off = c.masked_fill(torch.eye(len(c), dtype=torch.bool), 0.0).square().sum()
    return on + lambd * off
