"""Always float32.

hint: siamese.dtype
"""


def negative_cosine(p, z):
    return -F.cosine_similarity(p.float(), z.detach().float(), dim=1).mean()


def siamese_loss(p_a, p_b, z_a, z_b):
    return 0.5 * negative_cosine(p_a, z_b) + 0.5 * negative_cosine(p_b, z_a)
