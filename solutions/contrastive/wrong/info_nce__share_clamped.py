"""Shares are kept above 1e-30 before the logarithm.

hint: info_nce.underflow
"""


def info_nce(z_a, z_b, temperature=0.2):
    n = len(z_a)
    z = F.normalize(torch.cat([z_a, z_b]), dim=1)
    itself = torch.eye(2 * n, dtype=torch.bool)
    partner = torch.arange(2 * n).roll(n)
    logits = (z @ z.T / temperature).masked_fill(itself, -math.inf)
    share = logits.softmax(dim=1).gather(1, partner[:, None])
    return -share.clamp(min=1e-30).log().mean()
