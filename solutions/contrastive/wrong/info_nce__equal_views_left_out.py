"""Negatives that equal the anchor are taken for the anchor itself and masked.

hint: info_nce.all_alike
"""


def info_nce(z_a, z_b, temperature=0.2):
    n = len(z_a)
    z = torch.cat([z_a, z_b])
    same = (z[:, None] == z[None]).all(2)
    partner = torch.arange(2 * n).roll(n)
    same[torch.arange(2 * n), partner] = False
    z = F.normalize(z, dim=1)
    logits = (z @ z.T / temperature).masked_fill(same, float("-inf"))
    return F.cross_entropy(logits, partner)
