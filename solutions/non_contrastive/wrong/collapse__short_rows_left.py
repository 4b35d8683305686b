"""Rows shorter than a twentieth are left as they are.

hint: collapse.collapsed_rows
"""


def feature_deviation(z):
    lengths = z.norm(dim=1, keepdim=True)
    unit = (z / lengths).where(lengths > 0.05, z)
    return unit.std(0).mean() * z.size(1) ** 0.5


def effective_rank(z):
    s = torch.linalg.svdvals(z)
    p = s / s.sum()
    return torch.exp(-torch.xlogy(p, p).sum())
