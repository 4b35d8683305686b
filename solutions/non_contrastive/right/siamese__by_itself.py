"""siamese_loss does not call the other function."""


def negative_cosine(p, z):
    return -F.cosine_similarity(p, z.detach(), dim=1).mean()


def siamese_loss(p_a, p_b, z_a, z_b):
    def similarity(p, z):
        return torch.cosine_similarity(p, z.detach(), dim=-1).mean()

    return -(similarity(p_a, z_b) + similarity(p_b, z_a)) / 2
