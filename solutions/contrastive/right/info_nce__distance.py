"""The cosine of unit vectors by way of their squared distance."""


def info_nce(z_a, z_b, temperature=0.2):
    z = F.normalize(torch.cat([z_a, z_b]), dim=1)
    squared = ((z[:, None, :] - z[None, :, :]) ** 2).sum(-1)
    sim = (1 - squared / 2) / temperature
    n = len(z_a)
    others = sim.masked_fill(torch.eye(2 * n, dtype=torch.bool), float("-inf"))
    positive = torch.cat([sim[:n, n:].diag(), sim[n:, :n].diag()])
    return torch.mean(-positive + torch.logsumexp(others, dim=-1))
