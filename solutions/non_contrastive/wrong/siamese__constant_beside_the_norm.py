"""A constant of 0.05 beside every length.

hint: siamese.any_batch
"""


def negative_cosine(p, z):
    z = z.detach()
    z = z.where(z.norm(dim=1, keepdim=True) > 0.05, z / 100)
    products = (p * z).sum(1) / (p.norm(dim=1).clamp_min(0.3) * z.norm(dim=1).clamp_min(0.1))
    return -products.mean()


def siamese_loss(p_a, p_b, z_a, z_b):
    return 0.5 * negative_cosine(p_a, z_b) + 0.5 * negative_cosine(p_b, z_a)
