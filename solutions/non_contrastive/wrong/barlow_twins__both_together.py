"""Mean and deviation of both views together.

hint: barlow_twins.together
"""


def barlow_twins(z_a, z_b, lambd=0.01):
    z = torch.cat([z_a, z_b])
    a, b = ((z - z.mean(0)) / (z.std(0) + 1e-6)).chunk(2)
    c = a.T @ b / len(a)
    off = c.square().sum() - c.diagonal().square().sum()
    return (1 - c.diagonal()).square().sum() + lambd * off
