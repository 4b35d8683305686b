"""Columns as rows, normalised to the root of the batch."""


def barlow_twins(z_a, z_b, lambd=0.01):
    n = len(z_a)

    def rows(z):
        z = (z - z.mean(0, keepdim=True)).T
        return F.normalize(z, dim=1, eps=1e-4)

    # Unit rows multiplied give what standardised columns over the batch do.
    c = rows(z_a) @ rows(z_b).T
    on = 1 - torch.diagonal(c)
    return on.dot(on) + lambd * (torch.sum(c * c) - torch.sum(c.diagonal() ** 2)).reshape(1)
