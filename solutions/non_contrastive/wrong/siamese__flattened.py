"""One cosine of everything.

hint: siamese.whole_matrix
"""


def negative_cosine(p, z):
    return -F.cosine_similarity(p.flatten(), z.detach().flatten(), dim=0)


def siamese_loss(p_a, p_b, z_a, z_b):
    return 0.5 * negative_cosine(p_a, z_b) + 0.5 * negative_cosine(p_b, z_a)
