"""Views are worked off in two halves of equal size, and the last pair of an odd batch is dropped.

hint: info_nce.any_batch
"""


def info_nce(z_a, z_b, temperature=0.2):
    half = max(1, len(z_a) // 2)
    pairs = 2 * half
    z = F.normalize(torch.cat([z_a[:pairs], z_b[:pairs]]), dim=1)
    n = len(z) // 2
    logits = (z @ z.T / temperature).fill_diagonal_(-torch.inf)
    return F.cross_entropy(logits, torch.arange(2 * n).roll(n))
