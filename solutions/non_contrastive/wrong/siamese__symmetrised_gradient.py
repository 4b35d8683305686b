"""The loss is computed once for each side with the gradient stopped, and once without.

hint: siamese.not_stopped
"""


def negative_cosine(p, z):
    stopped = F.cosine_similarity(p, z.detach(), dim=-1)
    free = F.cosine_similarity(p, z, dim=-1)
    return -(stopped + free).mean() / 2


def siamese_loss(p_a, p_b, z_a, z_b):
    return 0.5 * negative_cosine(p_a, z_b) + 0.5 * negative_cosine(p_b, z_a)
