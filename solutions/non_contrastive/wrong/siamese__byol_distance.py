"""BYOL's squared distance.

hint: siamese.distance
"""


def negative_cosine(p, z):
    return 2 - 2 * F.cosine_similarity(p, z.detach(), dim=1).mean()


def siamese_loss(p_a, p_b, z_a, z_b):
    return 0.5 * negative_cosine(p_a, z_b) + 0.5 * negative_cosine(p_b, z_a)
