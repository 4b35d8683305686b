"""Both embeddings are divided by the temperature, so that it acts squared.

hint: info_nce.temperature_twice
"""


def info_nce(z_a, z_b, temperature=0.2):
    z = F.normalize(torch.cat([z_a, z_b]), dim=1) / temperature
    sim = (z @ z.T).masked_fill(torch.eye(len(z), dtype=torch.bool), -torch.inf)
    return F.cross_entropy(sim, torch.arange(len(z)).roll(len(z_a)))
