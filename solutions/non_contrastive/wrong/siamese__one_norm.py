"""Rows are divided by the sum of their magnitudes.

hint: siamese.other_norm
"""


def negative_cosine(p, z):
    return -(F.normalize(p, p=1, dim=1) * F.normalize(z.detach(), p=1, dim=1)).sum(1).mean()


def siamese_loss(p_a, p_b, z_a, z_b):
    return 0.5 * negative_cosine(p_a, z_b) + 0.5 * negative_cosine(p_b, z_a)
