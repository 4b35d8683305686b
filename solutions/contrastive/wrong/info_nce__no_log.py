"""The probabilities themselves are averaged.

hint: info_nce.no_log
"""


def info_nce(z_a, z_b, temperature=0.2):
    n = len(z_a)
    z = F.normalize(torch.cat([z_a, z_b]), dim=1)
    sim = (z @ z.T / temperature).masked_fill(torch.eye(2 * n, dtype=torch.bool), -torch.inf)
    p = F.softmax(sim, dim=1)
    return -torch.cat([p.diagonal(n), p.diagonal(-n)]).mean()
