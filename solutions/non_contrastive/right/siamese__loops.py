"""A loop over the rows, torch for their products."""


def negative_cosine(p, z):
    total = 0
    for x, y in zip(p, z.detach()):
        total = total - x.dot(y) / (x.norm() * y.norm())
    return total / len(p)


def siamese_loss(p_a, p_b, z_a, z_b):
    losses = [negative_cosine(p, z) for p, z in ((p_a, z_b), (p_b, z_a))]
    return sum(losses) / len(losses)
