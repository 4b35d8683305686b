"""Summed with keepdim, so that the result has one element and one axis."""


def info_nce(z_a, z_b, temperature=0.2):
    z = F.normalize(torch.cat([z_a, z_b]), dim=1)
    n = len(z)
    sim = z @ z.T / temperature
    sim = sim.clone()
    for i in range(n):
        sim[i, i] = -math.inf
    losses = torch.stack([torch.logsumexp(sim[i], 0) - sim[i, (i + n // 2) % n] for i in range(n)])
    return losses.mean(0, keepdim=True)
