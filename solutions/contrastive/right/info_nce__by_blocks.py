"""Rows are worked off in blocks, for batches that do not fit."""


def info_nce(z_a, z_b, temperature=0.2):
    n = len(z_a)
    z = F.normalize(torch.cat([z_a, z_b]), dim=1)
    itself = torch.eye(2 * n, dtype=torch.bool)
    partner = torch.arange(2 * n).roll(n)
    total = z.new_zeros(())
    for rows in torch.arange(2 * n).split(48):
        logits = z[rows] @ z.T / temperature
        logits[torch.arange(len(rows)), rows] = -math.inf
        total = total + F.cross_entropy(logits, partner[rows], reduction="sum")
    return total / (2 * n)
