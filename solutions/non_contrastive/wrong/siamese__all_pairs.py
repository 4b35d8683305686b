"""Every row with every row.

hint: siamese.all_pairs
"""


def negative_cosine(p, z):
    return -(F.normalize(p, dim=1) @ F.normalize(z.detach(), dim=1).T).mean()


def siamese_loss(p_a, p_b, z_a, z_b):
    return 0.5 * negative_cosine(p_a, z_b) + 0.5 * negative_cosine(p_b, z_a)
