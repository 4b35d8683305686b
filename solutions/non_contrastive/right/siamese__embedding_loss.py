"""F.cosine_embedding_loss is 1 minus the cosine."""


def negative_cosine(p, z):
    same = torch.ones(len(p), dtype=p.dtype)
    return F.cosine_embedding_loss(p, z.detach(), same) - 1


def siamese_loss(p_a, p_b, z_a, z_b):
    return 0.5 * negative_cosine(p_a, z_b) + 0.5 * negative_cosine(p_b, z_a)
