"""One value for each row.

hint: siamese.not_a_number
"""


def negative_cosine(p, z):
    return -F.cosine_similarity(p, z.detach(), dim=1)


def siamese_loss(p_a, p_b, z_a, z_b):
    return ((negative_cosine(p_a, z_b) + negative_cosine(p_b, z_a)) / 2).mean()
