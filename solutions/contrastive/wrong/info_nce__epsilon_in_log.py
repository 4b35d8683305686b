"""A small constant inside the logarithm hides small probabilities.

hint: info_nce.underflow
"""


def info_nce(z_a, z_b, temperature=0.2):
    n = len(z_a)
    z = F.normalize(torch.cat([z_a, z_b]), dim=1)
    sim = (z @ z.T / temperature).masked_fill(torch.eye(2 * n, dtype=torch.bool), -torch.inf)
    p = F.softmax(sim, dim=1)
    positive = torch.cat([p.diagonal(n), p.diagonal(-n)])
    return -torch.log(positive + 1e-8).mean()
