"""The ratio of denominator and positive is averaged, without a logarithm.

hint: info_nce.no_log
"""


def info_nce(z_a, z_b, temperature=0.2):
    n = len(z_a)
    z = F.normalize(torch.cat([z_a, z_b]), dim=1)
    itself = torch.eye(2 * n, dtype=torch.bool)
    partner = torch.arange(2 * n).roll(n)
    e = (z @ z.T / temperature).exp().masked_fill(itself, 0.0)
    return (e.sum(1) / e[torch.arange(2 * n), partner]).mean()
