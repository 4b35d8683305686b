"""Logits are cut off at 50 to keep the exponential finite.

hint: info_nce.underflow
"""


def info_nce(z_a, z_b, temperature=0.2):
    n = len(z_a)
    z = F.normalize(torch.cat([z_a, z_b]), dim=1)
    e = torch.exp((z @ z.T / temperature).clamp(-50, 50))
    e = e.masked_fill(torch.eye(2 * n, dtype=torch.bool), 0.0)
    positive = torch.cat([e.diagonal(n), e.diagonal(-n)])
    return (torch.log(e.sum(1)) - torch.log(positive)).mean()
