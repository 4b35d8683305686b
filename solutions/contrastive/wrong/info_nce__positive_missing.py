"""The denominator holds the negatives alone.

hint: info_nce.positive_not_in_denominator
"""


def info_nce(z_a, z_b, temperature=0.2):
    n = len(z_a)
    z = F.normalize(torch.cat([z_a, z_b]), dim=1)
    sim = z @ z.T / temperature
    positive = torch.cat([sim.diagonal(n), sim.diagonal(-n)])
    hidden = torch.eye(n, dtype=torch.bool).repeat(2, 2)
    return (torch.logsumexp(sim.masked_fill(hidden, -1e9), 1) - positive).mean()
