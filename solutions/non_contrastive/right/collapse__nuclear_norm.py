"""The nuclear norm for the sum of the singular values."""


def feature_deviation(z):
    z = F.normalize(z, dim=1)
    return z.std(0).mean() * math.sqrt(z.shape[1])


def effective_rank(z):
    s = torch.linalg.matrix_norm(z, "nuc")
    shares = torch.linalg.svdvals(z) / s
    shares = shares[shares > 1e-12]
    return math.exp(float((shares * shares.log()).sum().neg()))
