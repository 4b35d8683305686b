"""The deviation is bounded from below."""


def barlow_twins(z_a, z_b, lambd=0.01):
    a, b = ((z - z.mean(0)) / z.std(0).clamp(min=1e-4) for z in (z_a, z_b))
    c = a.mT @ b / len(a)
    diagonal = c.diagonal()
    beside = c - torch.diag(diagonal)
    return torch.sum((diagonal - 1) ** 2) + lambd * torch.sum(beside**2)
