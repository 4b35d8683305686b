"""The gradient is worked out by hand in an autograd function."""


class Loss(torch.autograd.Function):
    @staticmethod
    def forward(ctx, views, temperature):
        m = len(views)
        partner = torch.arange(m).roll(m // 2)
        logits = views @ views.T / temperature
        logits.fill_diagonal_(-torch.inf)
        slope = logits.softmax(1)
        slope[torch.arange(m), partner] -= 1
        ctx.save_for_backward(views, slope)
        ctx.temperature = temperature
        return (logits.logsumexp(1) - logits[torch.arange(m), partner]).mean()

    @staticmethod
    def backward(ctx, cotangent):
        views, slope = ctx.saved_tensors
        return cotangent * (slope + slope.T) @ views / len(views) / ctx.temperature, None


def info_nce(z_a, z_b, temperature=0.2):
    return Loss.apply(F.normalize(torch.cat([z_a, z_b]), dim=1), temperature)
