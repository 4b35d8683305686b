"""Positives are cosines, negatives are plain inner products.

hint: info_nce.value
"""


def info_nce(z_a, z_b, temperature=0.2):
    n = len(z_a)
    z = torch.cat([z_a, z_b])
    sim = (z @ z.T).masked_fill(torch.eye(n, dtype=torch.bool).repeat(2, 2), -1e9)
    positive = F.cosine_similarity(z_a, z_b).repeat(2)[:, None]
    logits = torch.cat([positive, sim], dim=1) / temperature
    return F.cross_entropy(logits, torch.zeros(2 * n, dtype=torch.long))
