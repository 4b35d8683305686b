"""Column by column, entry by entry."""


def barlow_twins(z_a, z_b, lambd=0.01):
    n, dim = z_a.shape

    def column(z, d):
        centred = z[:, d] - z[:, d].sum() / n
        return centred / torch.sqrt(torch.sum(centred * centred) / (n - 1) + 1e-9)

    loss = z_a.new_zeros(())
    for i in range(dim):
        for j in range(dim):
            c = torch.dot(column(z_a, i), column(z_b, j)) / n
            loss = loss + ((1 - c) ** 2 if i == j else lambd * c**2)
    return loss
