"""The length of the prediction counts as a constant.

hint: siamese.gradient
"""


def negative_cosine(p, z):
    p = p / p.norm(dim=1, keepdim=True).detach()
    return -(p * F.normalize(z.detach(), dim=1)).sum(1).mean()


def siamese_loss(p_a, p_b, z_a, z_b):
    return 0.5 * negative_cosine(p_a, z_b) + 0.5 * negative_cosine(p_b, z_a)
