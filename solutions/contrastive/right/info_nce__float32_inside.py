"""Always computed in float32, given back in the inputs' dtype."""


def info_nce(z_a, z_b, temperature=0.2):
    z = F.normalize(torch.cat([z_a, z_b]).float(), dim=1)
    sim = z @ z.T / temperature
    sim.fill_diagonal_(-float("inf"))
    n = len(z_a)
    labels = torch.cat([torch.arange(n, 2 * n), torch.arange(n)])
    return F.cross_entropy(sim, labels).to(z_a.dtype)
