"""Only the aim has length one.

hint: siamese.one_not_normalised
"""


def negative_cosine(p, z):
    return -(p * F.normalize(z.detach(), dim=1)).sum(1).mean()


def siamese_loss(p_a, p_b, z_a, z_b):
    return 0.5 * negative_cosine(p_a, z_b) + 0.5 * negative_cosine(p_b, z_a)
