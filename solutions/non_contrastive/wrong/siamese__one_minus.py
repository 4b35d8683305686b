"""One minus the cosine, as a distance.

hint: siamese.one_minus
"""


def negative_cosine(p, z):
    return 1 - F.cosine_similarity(p, z.detach(), dim=1).mean()


def siamese_loss(p_a, p_b, z_a, z_b):
    return 0.5 * negative_cosine(p_a, z_b) + 0.5 * negative_cosine(p_b, z_a)
