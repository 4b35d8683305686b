"""The biased variance and a constant under the root."""


def barlow_twins(z_a, z_b, lambd=0.01):
    def standardise(z):
        centred = z - z.mean(dim=0)
        return centred * torch.rsqrt(centred.pow(2).mean(dim=0) + 1e-4)

    c = torch.einsum("ni,nj->ij", standardise(z_a), standardise(z_b)) / len(z_a)
    eye = torch.eye(len(c), dtype=c.dtype)
    weights = lambd + (1 - lambd) * eye
    return (weights * (c - eye) ** 2).sum()
