"""The self-pair is subtracted from the sum instead of masked, which cancels.

hint: info_nce.overflow
"""


def info_nce(z_a, z_b, temperature=0.2):
    z = F.normalize(torch.cat([z_a, z_b]), dim=1)
    n = len(z_a)
    sim = z @ z.T / temperature
    peak = sim.max().detach()
    e = torch.exp(sim - peak)
    denominator = e.sum(1) - e.diagonal()
    positive = torch.cat([sim.diagonal(n), sim.diagonal(-n)]) - peak
    return (torch.log(denominator) - positive).mean()
