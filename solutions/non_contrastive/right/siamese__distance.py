"""By way of the squared distance of unit rows."""


def negative_cosine(p, z):
    apart = (F.normalize(p, dim=1) - F.normalize(z.detach(), dim=1)).pow(2).sum(1)
    return (apart / 2 - 1).mean()


def siamese_loss(p_a, p_b, z_a, z_b):
    return 0.5 * negative_cosine(p_a, z_b) + 0.5 * negative_cosine(p_b, z_a)
