"""The keys are treated as constants in the denominator.

hint: info_nce.gradient
"""


def info_nce(z_a, z_b, temperature=0.2):
    n = len(z_a)
    z = F.normalize(torch.cat([z_a, z_b]), dim=1)
    sim = z @ z.detach().T / temperature
    positive = (z[:n] * z[n:]).sum(1).repeat(2) / temperature
    sim = sim.masked_fill(torch.eye(2 * n, dtype=torch.bool), -torch.inf)
    return (torch.logsumexp(sim, 1) - positive).mean()
