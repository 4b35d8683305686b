"""A float32 target matrix meets float64 logits.

hint: info_nce.dtype
"""


def info_nce(z_a, z_b, temperature=0.2):
    n = len(z_a)
    z = F.normalize(torch.cat([z_a, z_b]), dim=1)
    sim = (z @ z.T / temperature).masked_fill(torch.eye(2 * n, dtype=torch.bool), -1e9)
    log_p = F.log_softmax(sim, dim=1)
    return -torch.trace(log_p @ torch.eye(2 * n).roll(n, 0)) / (2 * n)
