"""Unbiased deviations, and one less than the batch below the product: the correlation as it is."""


def barlow_twins(z_a, z_b, lambd=0.01):
    n = z_a.size(0)
    a, b = ((z - z.mean(0)) / (z.std(0) ** 2 + 1e-6).sqrt() for z in (z_a, z_b))
    c = torch.tensordot(a, b, dims=([0], [0])) / (n - 1)
    diagonal = c.diagonal()
    beside = c - torch.diag_embed(diagonal)
    return (1 - diagonal).pow(2).sum() + lambd * beside.pow(2).sum()
