"""The denominator is an average over all columns, the masked one too.

hint: info_nce.mean_in_denominator
"""


def info_nce(z_a, z_b, temperature=0.2):
    n = len(z_a)
    z = F.normalize(torch.cat([z_a, z_b]), dim=1)
    itself = torch.eye(2 * n, dtype=torch.bool)
    partner = torch.arange(2 * n).roll(n)
    e = (z @ z.T / temperature).masked_fill(itself, -math.inf).exp()
    s = (z * z[partner]).sum(1) / temperature
    return (e.mean(1).log() - s).mean()
