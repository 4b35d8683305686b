"""The diagonal is cut out, leaving [2N, 2N - 1] logits; positives are put first."""


def info_nce(z_a, z_b, temperature=0.2):
    z = F.normalize(torch.cat([z_a, z_b]), dim=1)
    n, m = len(z_a), 2 * len(z_a)
    sim = z @ z.T
    keep = ~torch.eye(m, dtype=torch.bool)
    partner = torch.zeros(m, m, dtype=torch.bool)
    index = torch.arange(m)
    partner[index, (index + n) % m] = True
    positives = sim[partner].view(m, 1)
    negatives = sim[keep & ~partner].view(m, m - 2)
    logits = torch.cat([positives, negatives], dim=1) / temperature
    return F.cross_entropy(logits, torch.zeros(m, dtype=torch.long))
