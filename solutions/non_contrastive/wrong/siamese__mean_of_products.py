"""The product of unit rows is averaged over the dimensions too.

hint: siamese.mean_over_dimensions
"""


def negative_cosine(p, z):
    return -(F.normalize(p, dim=1) * F.normalize(z.detach(), dim=1)).mean()


def siamese_loss(p_a, p_b, z_a, z_b):
    return 0.5 * negative_cosine(p_a, z_b) + 0.5 * negative_cosine(p_b, z_a)
