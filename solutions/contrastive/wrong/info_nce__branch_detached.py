"""The second view is treated as a constant.

hint: info_nce.one_branch_detached
calibrate: yes
"""


def info_nce(z_a, z_b, temperature=0.2):
    z = F.normalize(torch.cat([z_a, z_b.detach()]), dim=1)
    sim = z @ z.T / temperature
    sim = sim.masked_fill(torch.eye(len(z), dtype=torch.bool), -torch.inf)
    return F.cross_entropy(sim, torch.arange(len(z)).roll(len(z_a)))
