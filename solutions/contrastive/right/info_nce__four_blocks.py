"""The four blocks of similarities, of which those within a view lose their diagonal."""


def info_nce(z_a, z_b, temperature=0.2):
    a, b = (z / z.norm(dim=1, keepdim=True) for z in (z_a, z_b))
    n = len(a)
    cross = a @ b.T / temperature
    away = torch.diag(torch.full((n,), torch.inf, dtype=a.dtype))
    within = [(x @ x.T).div(temperature).sub(away) for x in (a, b)]
    below = torch.stack(
        [
            torch.logsumexp(torch.cat([cross, within[0]], 1), 1),
            torch.logsumexp(torch.cat([cross.T, within[1]], 1), 1),
        ]
    )
    return (below - cross.diagonal()).mean()
