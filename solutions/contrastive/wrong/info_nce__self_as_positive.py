"""The label of each view is the view itself.

hint: info_nce.wrong_partner
"""


def info_nce(z_a, z_b, temperature=0.2):
    z = F.normalize(torch.cat([z_a, z_b]), dim=1)
    return F.cross_entropy(z @ z.T / temperature, torch.arange(len(z)))
