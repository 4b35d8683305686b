"""A constant of a thousandth is added to the sum that the singular values are divided by.

hint: collapse.scale
"""


def feature_deviation(z):
    z = z / torch.linalg.vector_norm(z, dim=1, keepdim=True)
    return z.var(0, correction=0).sqrt().mean() * z.shape[1] ** 0.5


def effective_rank(z):
    s = torch.linalg.svd(z, full_matrices=False).S
    p = s / (s.sum() + 1e-3)
    return torch.special.entr(p).sum().exp()
