"""Singular values come from a randomised decomposition of at most 32 dimensions.

hint: collapse.any_matrix
"""


def feature_deviation(z):
    return F.normalize(z, dim=1).std(0).mean().mul(z.shape[1] ** 0.5)


def effective_rank(z):
    _, values, _ = torch.svd_lowrank(z, q=min(32, *z.shape), niter=8)
    p = values / values.sum()
    return (-torch.xlogy(p, p).sum()).exp()
