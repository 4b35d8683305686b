"""The mean squared error of the rows as they are.

hint: siamese.distance
"""


def negative_cosine(p, z):
    return F.mse_loss(p, z.detach())


def siamese_loss(p_a, p_b, z_a, z_b):
    return 0.5 * negative_cosine(p_a, z_b) + 0.5 * negative_cosine(p_b, z_a)
