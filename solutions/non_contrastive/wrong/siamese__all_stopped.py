"""No gradient at all.

hint: siamese.no_gradient
"""


@torch.no_grad()
def negative_cosine(p, z):
    return -F.cosine_similarity(p, z, dim=1).mean()


def siamese_loss(p_a, p_b, z_a, z_b):
    return 0.5 * negative_cosine(p_a, z_b) + 0.5 * negative_cosine(p_b, z_a)
