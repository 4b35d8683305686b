"""The loss is float32, whatever the embeddings are.

hint: barlow_twins.dtype
"""


def barlow_twins(z_a, z_b, lambd=0.01):
    def standard(z):
        z = (z - z.mean(0)) / (z.std(0) + 1e-6)
        return z

    a, b = standard(z_a), standard(z_b)
    c = a.T @ b / len(z_a)
    on = (1 - c.diagonal()).square().sum()
    off = c.masked_fill(torch.eye(len(c), dtype=torch.bool), 0.0).square().sum()
    return (on + lambd * off).float()
