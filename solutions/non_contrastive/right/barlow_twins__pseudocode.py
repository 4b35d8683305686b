"""As in the pseudocode of the paper, with a constant in the deviation."""


def barlow_twins(z_a, z_b, lambd=0.01):
    n, d = z_a.shape
    z_a_norm = (z_a - z_a.mean(0)) / (z_a.std(0) + 1e-4)
    z_b_norm = (z_b - z_b.mean(0)) / (z_b.std(0) + 1e-4)
    c = torch.mm(z_a_norm.T, z_b_norm) / n
    c_diff = (c - torch.eye(d, dtype=c.dtype)).pow(2)
    off = ~torch.eye(d, dtype=torch.bool)
    c_diff[off] = c_diff[off] * lambd
    return c_diff.sum()
