"""torch.corrcoef of both views at once, its corner taken and brought to the batch."""


def barlow_twins(z_a, z_b, lambd=0.01):
    dim = z_a.shape[1]
    both = torch.cat([z_a, z_b], dim=1)
    scatter = torch.cov(both.T, correction=0)
    deviation = (scatter.diagonal() + 1e-6).sqrt()
    c = (scatter / deviation / deviation[:, None])[:dim, dim:]
    penalty = torch.where(torch.eye(dim, dtype=torch.bool), (1 - c) ** 2, lambd * c**2)
    return penalty.sum()
