"""The distance is rooted and squared again: infinite slope where it is 0.

hint: siamese.collapsed
"""


def negative_cosine(p, z):
    apart = (F.normalize(p, dim=1) - F.normalize(z.detach(), dim=1)).square().sum(1).sqrt()
    return (apart**2 / 2 - 1).mean()


def siamese_loss(p_a, p_b, z_a, z_b):
    return 0.5 * negative_cosine(p_a, z_b) + 0.5 * negative_cosine(p_b, z_a)
