"""The cosine of the arc of the cosine: the slope of the arc is infinite at 1.

hint: siamese.collapsed
"""


def negative_cosine(p, z):
    cosine = (F.normalize(p, dim=1) * F.normalize(z.detach(), dim=1)).sum(1).clamp(-1, 1)
    return -torch.acos(cosine).cos().mean()


def siamese_loss(p_a, p_b, z_a, z_b):
    return 0.5 * negative_cosine(p_a, z_b) + 0.5 * negative_cosine(p_b, z_a)
