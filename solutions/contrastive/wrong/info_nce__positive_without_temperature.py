"""The denominator has the temperature, the positive has not.

hint: info_nce.temperature_one_side
"""


def info_nce(z_a, z_b, temperature=0.2):
    a, b = F.normalize(z_a, dim=1), F.normalize(z_b, dim=1)
    z = torch.cat([a, b])
    sim = (z @ z.T / temperature).masked_fill(torch.eye(len(z), dtype=torch.bool), -torch.inf)
    positive = (a * b).sum(1).repeat(2)
    return (torch.logsumexp(sim, 1) - positive).mean()
