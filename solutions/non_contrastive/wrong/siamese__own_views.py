"""Each prediction is compared with its own view.

hint: siamese.own_view
"""


def negative_cosine(p, z):
    return -F.cosine_similarity(p, z.detach(), dim=1).mean()


def siamese_loss(p_a, p_b, z_a, z_b):
    return negative_cosine(p_a, z_a) / 2 + negative_cosine(p_b, z_b) / 2
