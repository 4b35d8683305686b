"""The similarities between the two views alone, one way.

hint: info_nce.cross_view_only
"""


def info_nce(z_a, z_b, temperature=0.2):
    logits = F.normalize(z_a, dim=1) @ F.normalize(z_b, dim=1).T / temperature
    return F.cross_entropy(logits, torch.arange(len(z_a)))
