"""The gradient is stopped in the prediction.

hint: siamese.wrong_side
"""


def negative_cosine(p, z):
    return -F.cosine_similarity(p.detach(), z, dim=1).mean()


def siamese_loss(p_a, p_b, z_a, z_b):
    return 0.5 * negative_cosine(p_a, z_b) + 0.5 * negative_cosine(p_b, z_a)
