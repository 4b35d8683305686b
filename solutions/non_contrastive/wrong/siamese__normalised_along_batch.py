"""Columns have length one.

hint: siamese.columns
"""


def negative_cosine(p, z):
    return -(F.normalize(p, dim=0) * F.normalize(z.detach(), dim=0)).sum(1).mean()


def siamese_loss(p_a, p_b, z_a, z_b):
    return 0.5 * negative_cosine(p_a, z_b) + 0.5 * negative_cosine(p_b, z_a)
