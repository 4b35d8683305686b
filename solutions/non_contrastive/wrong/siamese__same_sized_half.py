"""The batch is cut in two halves that are averaged, and an odd row is lost.

hint: siamese.cosine
"""


def negative_cosine(p, z):
    half = len(p) // 2
    first, second = (
        F.cosine_similarity(p[part], z[part].detach()).mean()
        for part in (slice(0, half), slice(half, 2 * half))
    )
    return -(first + second) / 2


def siamese_loss(p_a, p_b, z_a, z_b):
    return (negative_cosine(p_a, z_b) + negative_cosine(p_b, z_a)) / 2
