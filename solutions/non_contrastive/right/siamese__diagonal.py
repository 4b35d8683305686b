"""The diagonal of the matrix of all cosines."""


def negative_cosine(p, z):
    with torch.no_grad():
        z = F.normalize(z, dim=1)
    return -(F.normalize(p, dim=1) @ z.T).diagonal().mean()


def siamese_loss(p_a, p_b, z_a, z_b):
    return 0.5 * negative_cosine(p_a, z_b) + 0.5 * negative_cosine(p_b, z_a)
