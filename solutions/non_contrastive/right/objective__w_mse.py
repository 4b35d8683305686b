"""W-MSE: whitened by a Cholesky factor, then the squared distance (Ermolov et al. 2021)."""


class Objective(nn.Module):
    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder
        self.head = nn.Sequential(
            nn.Linear(encoder.dim, 256), nn.BatchNorm1d(256), nn.ReLU(), nn.Linear(256, 32)
        )

    def project(self, view):
        return self.head(self.encoder(view))

    def whitened(self, z):
        z = z - z.mean(0)
        covariance = z.T @ z / (len(z) - 1)
        eye = torch.eye(z.shape[1], dtype=z.dtype)
        factor = torch.linalg.cholesky(0.9 * covariance + 0.1 * eye)
        return torch.linalg.solve_triangular(factor, z.T, upper=False).T

    def forward(self, view_a, view_b):
        z = self.whitened(self.project(torch.cat([view_a, view_b])))
        z_a, z_b = F.normalize(z, dim=1).chunk(2)
        return 2 - 2 * (z_a * z_b).sum(1).mean()

    def after_step(self, step, steps):
        pass
