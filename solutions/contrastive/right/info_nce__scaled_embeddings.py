"""Each embedding is divided by the square root of the temperature."""


def info_nce(z_a, z_b, temperature=0.2):
    root = math.sqrt(temperature)
    a, b = F.normalize(z_a, dim=1) / root, F.normalize(z_b, dim=1) / root
    n = len(a)
    aa, ab, bb = a @ a.T, a @ b.T, b @ b.T
    hide = torch.zeros(n, n, dtype=a.dtype).fill_diagonal_(-math.inf)
    rows = torch.cat([torch.cat([aa + hide, ab], 1), torch.cat([ab.T, bb + hide], 1)], 0)
    positives = ab.diagonal().repeat(2)
    return rows.logsumexp(1).sub(positives).mean()
