"""Einsum for the similarities, logsumexp for the denominators."""


def info_nce(z_a, z_b, temperature=0.2):
    z = torch.cat((z_a, z_b), dim=0)
    z = z / z.norm(dim=-1, keepdim=True)
    sim = torch.einsum("id,jd->ij", z, z) / temperature
    n = z_a.size(0)
    positive = torch.cat((torch.diagonal(sim, n), torch.diagonal(sim, -n)))
    sim = sim - torch.diag(torch.full((2 * n,), torch.inf, dtype=sim.dtype))
    return (torch.logsumexp(sim, dim=1) - positive).mean()
