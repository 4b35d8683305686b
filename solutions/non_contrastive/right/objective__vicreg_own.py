"""VICReg written out inside the objective, with a wide expander."""


class Objective(nn.Module):
    def __init__(self, encoder):
        super().__init__()
        self.backbone = encoder
        self.expander = nn.Sequential(
            nn.Linear(encoder.dim, 256),
            nn.BatchNorm1d(256),
            nn.ReLU(),
            nn.Linear(256, 256),
            nn.BatchNorm1d(256),
            nn.ReLU(),
            nn.Linear(256, 128),
        )

    def project(self, view):
        return self.expander(self.backbone(view))

    def forward(self, view_a, view_b):
        x, y = self.project(view_a), self.project(view_b)
        loss = 25 * F.mse_loss(x, y)
        for z in (x, y):
            z = z - z.mean(dim=0)
            std = torch.sqrt(z.var(dim=0) + 1e-4)
            cov = (z.T @ z) / (len(z) - 1)
            off = cov - torch.diag(cov.diagonal())
            loss = loss + 12.5 * F.relu(1 - std).mean() + off.pow(2).sum() / z.shape[1]
        return loss

    def after_step(self, step, steps):
        return
