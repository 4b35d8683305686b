"""Short rows are not brought to length one.

hint: info_nce.row_length
"""


def info_nce(z_a, z_b, temperature=0.2):
    z = torch.cat([z_a, z_b])
    z = z / z.norm(dim=1, keepdim=True).clamp_min(0.5)
    sim = z @ z.T / temperature
    sim = sim.masked_fill(torch.eye(len(z), dtype=torch.bool), -torch.inf)
    return F.cross_entropy(sim, torch.arange(len(z)).roll(len(z_a)))
