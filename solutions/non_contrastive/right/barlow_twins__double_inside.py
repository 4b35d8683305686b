"""Float64 inside, the inputs' dtype outside."""


def barlow_twins(z_a, z_b, lambd=0.01):
    dtype = z_a.dtype
    z_a, z_b = z_a.double(), z_b.double()
    a = (z_a - z_a.mean(0)) / (z_a.std(0) + 1e-12)
    b = (z_b - z_b.mean(0)) / (z_b.std(0) + 1e-12)
    c = a.T @ b / a.shape[0]
    off = c.triu(1).pow(2).sum() + c.tril(-1).pow(2).sum()
    return ((c.diagonal() - 1).pow(2).sum() + lambd * off).to(dtype)
