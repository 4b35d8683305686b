"""A hand-written distance whose root has no gradient at zero.

hint: info_nce.gradient_not_finite
"""


def info_nce(z_a, z_b, temperature=0.2):
    z = F.normalize(torch.cat([z_a, z_b]), dim=1)
    distance = ((z[:, None] - z[None]) ** 2).sum(-1).sqrt()
    sim = (1 - distance**2 / 2) / temperature
    sim = sim.masked_fill(torch.eye(len(z), dtype=torch.bool), -torch.inf)
    return F.cross_entropy(sim, torch.arange(len(z)).roll(len(z_a)))
