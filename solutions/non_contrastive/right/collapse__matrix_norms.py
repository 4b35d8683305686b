"""The second moment of unit rows; eigenvalues of the Gram matrix in float64."""


def feature_deviation(z):
    rows = torch.renorm(1e6 * z / z.abs().amax(1, keepdim=True), p=2, dim=0, maxnorm=1.0)
    second, first = (rows * rows).mean(0), rows.mean(0)
    return (second - first * first).clamp(min=0).sqrt().mean() * np.sqrt(z.shape[1])


def effective_rank(z):
    gram = z.double().T @ z.double() if len(z) > z.shape[1] else z.double() @ z.double().T
    values = torch.linalg.eigvalsh(gram).clamp(min=0).sqrt()
    p = F.normalize(values, p=1, dim=0)
    return torch.prod(torch.where(p > 0, p, torch.ones_like(p)) ** -p)
