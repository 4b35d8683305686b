"""Einsum over rows, lengths by vector norms."""


def negative_cosine(p, z):
    z = z.data
    lengths = torch.linalg.vector_norm(p, dim=-1) * torch.linalg.vector_norm(z, dim=-1)
    return -torch.mean(torch.einsum("nd,nd->n", p, z) / lengths)


def siamese_loss(p_a, p_b, z_a, z_b):
    return 0.5 * negative_cosine(p_a, z_b) + 0.5 * negative_cosine(p_b, z_a)
