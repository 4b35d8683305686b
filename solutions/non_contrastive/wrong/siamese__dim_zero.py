"""The cosine along the batch.

hint: siamese.columns
"""


def negative_cosine(p, z):
    return -F.cosine_similarity(p, z.detach(), dim=0).mean()


def siamese_loss(p_a, p_b, z_a, z_b):
    return 0.5 * negative_cosine(p_a, z_b) + 0.5 * negative_cosine(p_b, z_a)
