"""The aim is normalised in place.

hint: siamese.in_place
"""


def negative_cosine(p, z):
    z = z.data
    z /= z.norm(dim=1, keepdim=True)
    return -(F.normalize(p, dim=1) * z).sum(1).mean()


def siamese_loss(p_a, p_b, z_a, z_b):
    return 0.5 * negative_cosine(p_a, z_b) + 0.5 * negative_cosine(p_b, z_a)
