"""One direction only.

hint: siamese.one_direction
"""


def negative_cosine(p, z):
    return -F.cosine_similarity(p, z.detach(), dim=1).mean()


def siamese_loss(p_a, p_b, z_a, z_b):
    return negative_cosine(p_a, z_b)
