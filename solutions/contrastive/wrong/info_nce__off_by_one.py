"""The positive is looked up one row too far.

hint: info_nce.wrong_partner
calibrate: yes
"""


def info_nce(z_a, z_b, temperature=0.2):
    z = F.normalize(torch.cat([z_a, z_b]), dim=1)
    m = len(z)
    sim = z @ z.T / temperature
    sim = sim.masked_fill(torch.eye(m, dtype=torch.bool), -torch.inf)
    labels = (torch.arange(m) + len(z_a) - 1) % m
    return F.cross_entropy(sim, labels)
