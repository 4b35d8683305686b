"""All rows share one denominator.

hint: info_nce.global_denominator
calibrate: yes
"""


def info_nce(z_a, z_b, temperature=0.2):
    z = F.normalize(torch.cat([z_a, z_b]), dim=1)
    n = len(z_a)
    sim = z @ z.T / temperature
    positive = torch.cat([sim.diagonal(n), sim.diagonal(-n)])
    sim = sim.masked_fill(torch.eye(2 * n, dtype=torch.bool), -torch.inf)
    return torch.logsumexp(sim.flatten(), 0) - positive.mean()
