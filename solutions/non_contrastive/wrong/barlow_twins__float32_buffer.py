"""The matrix is written into a float32 tensor made beforehand.

hint: barlow_twins.dtype
"""


def barlow_twins(z_a, z_b, lambd=0.01):
    def standard(z):
        z = (z - z.mean(0)) / (z.std(0) + 1e-6)
        return z

    a, b = standard(z_a), standard(z_b)
    c = torch.zeros(z_a.shape[1], z_a.shape[1])
    torch.matmul(a.T, b, out=c) if not a.requires_grad else None
    c = c / len(z_a) if not a.requires_grad else a.T @ b / len(z_a)
    on = (1 - c.diagonal()).square().sum()
    off = c.masked_fill(torch.eye(len(c), dtype=torch.bool), 0.0).square().sum()
    return on + lambd * off
