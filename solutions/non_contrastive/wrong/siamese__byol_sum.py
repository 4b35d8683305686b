"""BYOL's symmetrical loss.

hint: siamese.byol_units
"""


def negative_cosine(p, z):
    return -F.cosine_similarity(p, z.detach(), dim=1).mean()


def siamese_loss(p_a, p_b, z_a, z_b):
    return 4 + 2 * negative_cosine(p_a, z_b) + 2 * negative_cosine(p_b, z_a)
