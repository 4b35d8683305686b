"""Self-similarities are recognised by being 1.

hint: info_nce.all_alike
"""


def info_nce(z_a, z_b, temperature=0.2):
    n = len(z_a)
    z = F.normalize(torch.cat([z_a, z_b]), dim=1)
    sim = z @ z.T
    positive = torch.cat([sim.diagonal(n), sim.diagonal(-n)]) / temperature
    sim = (sim / temperature).masked_fill(sim > 0.99999, -1e9)
    return (torch.logsumexp(sim, 1) - positive).mean()
