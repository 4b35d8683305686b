"""An index where a slice was meant: only the first row is compared.

hint: siamese.cosine
"""


def negative_cosine(p, z):
    p, z = F.normalize(p, dim=1), F.normalize(z.detach(), dim=1)
    return -(p[0] * z[0]).sum()


def siamese_loss(p_a, p_b, z_a, z_b):
    return (negative_cosine(p_a, z_b) + negative_cosine(p_b, z_a)) / 2
