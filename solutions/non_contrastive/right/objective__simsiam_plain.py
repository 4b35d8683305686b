"""SimSiam without a normalisation at the end, predictor of 128 hidden units."""


def mlp(inputs, hidden, outputs):
    return nn.Sequential(
        nn.Linear(inputs, hidden, bias=False),
        nn.BatchNorm1d(hidden),
        nn.ReLU(),
        nn.Linear(hidden, outputs),
    )


class Objective(nn.Module):
    def __init__(self, encoder, dim=64):
        super().__init__()
        self.f = nn.Sequential(encoder, mlp(encoder.dim, 256, dim))
        self.h = mlp(dim, 128, dim)

    def project(self, view):
        return self.f(view)

    def forward(self, view_a, view_b):
        z = self.f(torch.cat([view_a, view_b]))
        p_a, p_b = self.h(z).chunk(2)
        z_a, z_b = z.detach().chunk(2)
        return -0.5 * (
            F.cosine_similarity(p_a, z_b, dim=1).mean() + F.cosine_similarity(p_b, z_a, dim=1).mean()
        )

    def after_step(self, step, steps):
        pass
