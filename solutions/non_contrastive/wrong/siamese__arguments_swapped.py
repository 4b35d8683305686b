"""The aims are passed where the predictions belong, so that those are stopped.

hint: siamese.loss_not_stopped
"""


def negative_cosine(p, z):
    return -F.cosine_similarity(p, z.detach(), dim=1).mean()


def siamese_loss(p_a, p_b, z_a, z_b):
    return (negative_cosine(z_b, p_a) + negative_cosine(z_a, p_b)) / 2
