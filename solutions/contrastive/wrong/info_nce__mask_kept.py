"""The mask of the first batch is kept for ever.

hint: info_nce.any_batch
"""

MASK = None


def info_nce(z_a, z_b, temperature=0.2):
    global MASK
    z = F.normalize(torch.cat([z_a, z_b]), dim=1)
    if MASK is None:
        MASK = torch.eye(len(z), dtype=torch.bool)
    sim = (z @ z.T / temperature).masked_fill(MASK, -torch.inf)
    return F.cross_entropy(sim, torch.arange(len(z)).roll(len(z_a)))
