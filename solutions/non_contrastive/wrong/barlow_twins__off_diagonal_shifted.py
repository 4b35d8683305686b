"""The trick that cuts out the diagonal is off by one, and cuts out what stands beside it.

hint: barlow_twins.value
"""


def off_diagonal(x):
    n = len(x)
    return x.flatten()[1:].view(n - 1, n + 1)[:, 1:].flatten()


def barlow_twins(z_a, z_b, lambd=0.01):
    a, b = ((z - z.mean(0)) / torch.sqrt(z.var(0, correction=0) + 1e-5) for z in (z_a, z_b))
    c = a.T @ b / a.shape[0]
    return torch.diagonal(c).sub(1).square().sum() + lambd * off_diagonal(c).square().sum()
