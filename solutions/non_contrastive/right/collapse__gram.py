"""Singular values as roots of the eigenvalues of the smaller Gram matrix."""


def feature_deviation(z):
    z = F.normalize(z, dim=1)
    return z.std(0).mean() * math.sqrt(z.shape[1])


def effective_rank(z):
    gram = z.T @ z if z.shape[0] >= z.shape[1] else z @ z.T
    s = torch.linalg.eigvalsh(gram.double()).clamp(min=0).sqrt()
    p = s / s.sum()
    return torch.where(p > 0, -p * torch.log(p.clamp(min=1e-30)), torch.zeros_like(p)).sum().exp()
