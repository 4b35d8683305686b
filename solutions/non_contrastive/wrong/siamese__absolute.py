"""The absolute cosine.

hint: siamese.absolute
"""


def negative_cosine(p, z):
    return -F.cosine_similarity(p, z.detach(), dim=1).abs().mean()


def siamese_loss(p_a, p_b, z_a, z_b):
    return 0.5 * negative_cosine(p_a, z_b) + 0.5 * negative_cosine(p_b, z_a)
