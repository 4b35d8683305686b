"""nn.CosineSimilarity as a module."""


def negative_cosine(p, z):
    criterion = nn.CosineSimilarity(dim=1)
    return torch.neg(criterion(p, z.detach()).mean())


def siamese_loss(p_a, p_b, z_a, z_b):
    return 0.5 * negative_cosine(p_a, z_b) + 0.5 * negative_cosine(p_b, z_a)
