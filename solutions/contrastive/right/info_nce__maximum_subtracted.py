"""The row maximum is subtracted by hand before the exponential; a mask of ones and zeros."""


def info_nce(z_a, z_b, temperature=0.2):
    z = torch.cat([z_a, z_b])
    z = z / torch.sqrt((z**2).sum(1, keepdim=True))
    n = z_a.shape[0]
    mask = 1 - torch.eye(2 * n, dtype=z.dtype)
    sim = torch.matmul(z, z.T) / temperature
    lowered = sim - 1e6 * (1 - mask)
    peak = lowered.max(dim=1, keepdim=True).values.detach()
    denominator = (torch.exp(lowered - peak) * mask).sum(1, keepdim=True)
    log_p = sim - peak - torch.log(denominator)
    pairs = torch.eye(2 * n, dtype=z.dtype).roll(n, 0)
    return -(log_p * pairs).sum() / (2 * n)
