"""The gradient is stopped by clearing the flag of the caller's tensor.

hint: siamese.in_place
"""


def negative_cosine(p, z):
    if z.is_leaf:
        z.requires_grad_(False)
    return -F.cosine_similarity(p, z.detach(), dim=1).mean()


def siamese_loss(p_a, p_b, z_a, z_b):
    return 0.5 * negative_cosine(p_a, z_b) + 0.5 * negative_cosine(p_b, z_a)
