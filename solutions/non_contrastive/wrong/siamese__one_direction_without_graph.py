"""One direction is computed under no_grad.

hint: siamese.loss_gradient_missing
"""


def negative_cosine(p, z):
    return -F.cosine_similarity(p, z.detach(), dim=1).mean()


def siamese_loss(p_a, p_b, z_a, z_b):
    with torch.no_grad():
        other = negative_cosine(p_b, z_a)
    return (negative_cosine(p_a, z_b) + other) / 2
