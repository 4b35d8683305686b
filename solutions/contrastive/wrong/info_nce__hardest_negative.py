"""Of all negatives only the hardest enters the denominator.

hint: info_nce.value
"""


def info_nce(z_a, z_b, temperature=0.2):
    n = len(z_a)
    z = F.normalize(torch.cat([z_a, z_b]), dim=1)
    sim = z @ z.T / temperature
    positive = torch.cat([sim.diagonal(n), sim.diagonal(-n)])
    hidden = torch.eye(n, dtype=torch.bool).repeat(2, 2)
    hardest = sim.masked_fill(hidden, -1e9).max(dim=1).values
    return (torch.logaddexp(positive, hardest) - positive).mean()
