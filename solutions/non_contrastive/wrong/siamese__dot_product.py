"""Rows keep their lengths.

hint: siamese.not_normalised
"""


def negative_cosine(p, z):
    return -(p * z.detach()).sum(1).mean()


def siamese_loss(p_a, p_b, z_a, z_b):
    return 0.5 * negative_cosine(p_a, z_b) + 0.5 * negative_cosine(p_b, z_a)
