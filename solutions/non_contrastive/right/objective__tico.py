"""Agreement and a covariance that is remembered over the steps (TiCo, Zhu et al. 2022)."""


class Objective(nn.Module):
    def __init__(self, encoder, dim=64):
        super().__init__()
        self.encoder = encoder
        self.head = nn.Sequential(
            nn.Linear(encoder.dim, 256), nn.BatchNorm1d(256), nn.ReLU(), nn.Linear(256, dim)
        )
        self.register_buffer("memory", torch.zeros(dim, dim))

    def project(self, view):
        return self.head(self.encoder(view))

    def forward(self, view_a, view_b):
        z_a, z_b = (F.normalize(self.project(v), dim=1) for v in (view_a, view_b))
        now = (z_a.T @ z_a + z_b.T @ z_b) / (2 * len(z_a))
        mixed = 0.8 * self.memory + 0.2 * now
        if self.training:
            self.memory.copy_(mixed.detach())
        contrast = ((z_a @ mixed.detach()) * z_a).sum(1).mean()
        contrast = contrast + ((z_b @ mixed.detach()) * z_b).sum(1).mean()
        return 1 - (z_a * z_b).sum(1).mean() + 8 * contrast

    def after_step(self, step, steps):
        pass
