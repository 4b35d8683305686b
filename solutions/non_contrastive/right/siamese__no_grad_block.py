"""The aims are normalised in a block without a graph, the predictions outside of it."""


def negative_cosine(p, z):
    with torch.no_grad():
        aim = z / z.norm(dim=1, keepdim=True).clamp(min=1e-12)
    return -torch.trace(F.normalize(p) @ aim.T) / len(p)


def siamese_loss(p_a, p_b, z_a, z_b):
    pairs = ((p_a, z_b), (p_b, z_a))
    return sum(map(lambda pair: negative_cosine(*pair), pairs)) * 0.5
