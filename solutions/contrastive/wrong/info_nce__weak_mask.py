"""The mask is a small constant put in before the temperature.

hint: info_nce.temperature
"""


def info_nce(z_a, z_b, temperature=0.2):
    z = F.normalize(torch.cat([z_a, z_b]), dim=1)
    sim = (z @ z.T).masked_fill(torch.eye(len(z), dtype=torch.bool), -10.0)
    return F.cross_entropy(sim / temperature, torch.arange(len(z)).roll(len(z_a)))
