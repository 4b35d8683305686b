"""The matrix is computed under no_grad.

hint: barlow_twins.no_gradient
"""


def barlow_twins(z_a, z_b, lambd=0.01):
    with torch.no_grad():
        a = (z_a - z_a.mean(0)) / (z_a.std(0) + 1e-6)
        b = (z_b - z_b.mean(0)) / (z_b.std(0) + 1e-6)
        c = a.T @ b / len(a)
    off = c.square().sum() - c.diagonal().square().sum()
    return (1 - c.diagonal()).square().sum() + lambd * off
