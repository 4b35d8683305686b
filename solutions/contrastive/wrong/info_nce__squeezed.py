"""A squeeze without an axis drops the batch when it holds one pair.

hint: info_nce.batch_of_one
"""


def info_nce(z_a, z_b, temperature=0.2):
    z_a, z_b = F.normalize(z_a.squeeze(), dim=-1), F.normalize(z_b.squeeze(), dim=-1)
    z = torch.cat([z_a, z_b])
    sim = z @ z.T / temperature
    sim = sim.masked_fill(torch.eye(len(z), dtype=torch.bool), -torch.inf)
    return F.cross_entropy(sim, torch.arange(len(z)).roll(len(z_a)))
