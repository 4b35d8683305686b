"""The stopped gradient as an autograd function of its own."""


class Stop(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.view_as(x)

    @staticmethod
    def backward(ctx, grad):
        return torch.zeros_like(grad)


def negative_cosine(p, z):
    p = p / p.norm(dim=1, keepdim=True).clamp_min(1e-8)
    z = z / z.norm(dim=1, keepdim=True).clamp_min(1e-8)
    return -(p * Stop.apply(z)).sum() / len(p)


def siamese_loss(p_a, p_b, z_a, z_b):
    return 0.5 * negative_cosine(p_a, z_b) + 0.5 * negative_cosine(p_b, z_a)
