"""The minus sign was forgotten.

hint: info_nce.sign
calibrate: yes
"""


def info_nce(z_a, z_b, temperature=0.2):
    n = len(z_a)
    z = F.normalize(torch.cat([z_a, z_b]), dim=1)
    sim = (z @ z.T / temperature).masked_fill(torch.eye(2 * n, dtype=torch.bool), -torch.inf)
    log_p = F.log_softmax(sim, dim=1)
    return torch.cat([log_p.diagonal(n), log_p.diagonal(-n)]).mean()
