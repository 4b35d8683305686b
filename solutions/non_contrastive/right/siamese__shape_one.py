"""A loss of shape [1]."""


def negative_cosine(p, z):
    cosine = F.cosine_similarity(p, z.detach(), dim=1)
    return -cosine.mean(dim=0, keepdim=True)


def siamese_loss(p_a, p_b, z_a, z_b):
    return 0.5 * negative_cosine(p_a, z_b) + 0.5 * negative_cosine(p_b, z_a)
