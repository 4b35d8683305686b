"""Float64 inside, the inputs' dtype outside."""


def negative_cosine(p, z):
    dtype = p.dtype
    p, z = p.double(), z.detach().double()
    return -((p * z).sum(1) / (p.norm(dim=1) * z.norm(dim=1))).mean().to(dtype)


def siamese_loss(p_a, p_b, z_a, z_b):
    return 0.5 * negative_cosine(p_a, z_b) + 0.5 * negative_cosine(p_b, z_a)
