"""A layer normalisation of the transposed batch."""


def barlow_twins(z_a, z_b, lambd=0.01):
    n, dim = z_a.shape
    a, b = (F.layer_norm(z.T, (n,)) for z in (z_a, z_b))
    c = a @ b.T / n
    loss = 0
    for i, row in enumerate(c):
        loss = loss + (1 - row[i]) ** 2 + lambd * (row.square().sum() - row[i] ** 2)
    return loss
