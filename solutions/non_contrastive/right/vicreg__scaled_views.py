"""The covariance of views divided by the root of one less than the batch; terms from a generator."""


def invariance(z_a, z_b):
    return torch.linalg.matrix_norm(z_a - z_b).square() / z_a.numel()


def variance(z, gamma=1.0):
    centred = z - z.mean(0, keepdim=True)
    spread = (centred.square().sum(0) / (len(z) - 1) + 0.0001).sqrt()
    return F.threshold(gamma - spread, 0.0, 0.0).mean()


def covariance(z):
    scaled = (z - z.mean(0)) / (len(z) - 1) ** 0.5
    matrix = torch.einsum("bi,bj->ij", scaled, scaled)
    return matrix.square().fill_diagonal_(0).sum() / z.size(1)


def vicreg(z_a, z_b, sim=25.0, var=25.0, cov=1.0):
    terms = (sim * invariance(z_a, z_b), *(var * variance(z) / 2 for z in (z_a, z_b)))
    return sum(terms) + cov * sum(covariance(z) for z in (z_a, z_b))
