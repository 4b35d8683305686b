"""One half loss per direction, each over both blocks; the halves are averaged."""


def half_loss(anchor, other, temperature):
    n = anchor.shape[0]
    across = anchor @ other.T / temperature
    within = anchor @ anchor.T / temperature
    within = within.masked_fill(torch.eye(n, dtype=torch.bool), -torch.inf)
    return F.cross_entropy(torch.cat([across, within], dim=1), torch.arange(n))


def info_nce(z_a, z_b, temperature=0.2):
    a, b = F.normalize(z_a), F.normalize(z_b)
    return 0.5 * (half_loss(a, b, temperature) + half_loss(b, a, temperature))
