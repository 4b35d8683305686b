"""Biased deviations, but the matrix is divided by one less than the batch.

hint: barlow_twins.one_less
"""


def barlow_twins(z_a, z_b, lambd=0.01):
    n, d = z_a.shape
    a, b = [(z - z.mean(0)) / (z.std(0, unbiased=False) + 1e-6) for z in (z_a, z_b)]
    c = torch.einsum("ni,nj->ij", a, b) / (n - 1)
    eye = torch.eye(d, dtype=torch.bool)
    return (c[eye] - 1).square().sum() + lambd * c[~eye].square().sum()
