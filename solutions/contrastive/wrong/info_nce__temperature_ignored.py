"""The argument is shadowed by a constant.

hint: info_nce.temperature_ignored
"""

TEMPERATURE = 0.2


def info_nce(z_a, z_b, temperature=0.2):
    z = F.normalize(torch.cat([z_a, z_b]), dim=1)
    sim = z @ z.T / TEMPERATURE
    sim = sim.masked_fill(torch.eye(len(z), dtype=torch.bool), -torch.inf)
    return F.cross_entropy(sim, torch.arange(len(z)).roll(len(z_a)))
