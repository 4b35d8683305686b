"""Views are stacked side after side, and labels are those of interleaved views.

hint: info_nce.wrong_partner
"""


def info_nce(z_a, z_b, temperature=0.2):
    n = len(z_a)
    z = F.normalize(torch.cat([z_a, z_b]), dim=1)
    itself = torch.eye(2 * n, dtype=torch.bool)
    partner = torch.arange(2 * n).roll(n)
    logits = (z @ z.T / temperature).masked_fill(itself, -math.inf)
    label = torch.arange(2 * n) // 2
    same = (label[:, None] == label) & ~itself
    return -logits.log_softmax(1)[same].mean()
