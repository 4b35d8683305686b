"""Total coding rate: a log-determinant keeps the space open (Li et al. 2022)."""


class Objective(nn.Module):
    def __init__(self, encoder, dim=64, epsilon=0.2):
        super().__init__()
        self.encoder, self.dim, self.epsilon = encoder, dim, epsilon
        self.head = nn.Sequential(
            nn.Linear(encoder.dim, 256, bias=False), nn.BatchNorm1d(256), nn.ReLU(), nn.Linear(256, dim)
        )

    def project(self, view):
        return self.head(self.encoder(view))

    def rate(self, z):
        n, d = z.shape
        gram = z.T @ z * (d / (n * self.epsilon))
        return torch.logdet(torch.eye(d, dtype=z.dtype) + gram) / 2

    def forward(self, view_a, view_b):
        z_a, z_b = (F.normalize(self.project(v), dim=1) for v in (view_a, view_b))
        agreement = (z_a * z_b).sum(1).mean()
        return -(self.rate(z_a) + self.rate(z_b)) / 2 - 30 * agreement

    def after_step(self, step, steps):
        pass
