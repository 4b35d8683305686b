"""Computed in float64 with a bare exponential, given back in the inputs' dtype."""


def info_nce(z_a, z_b, temperature=0.2):
    z = F.normalize(torch.cat([z_a, z_b]).double(), dim=1)
    n = len(z_a)
    e = torch.exp(z @ z.T / temperature)
    e = e * (1 - torch.eye(2 * n, dtype=torch.float64))
    positive = torch.cat([e.diagonal(n), e.diagonal(-n)])
    return -torch.log(positive / e.sum(1)).mean().to(z_a.dtype)
