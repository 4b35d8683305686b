"""A queue with room for one size of batch.

hint: objective.any_batch
"""


class Objective(nn.Module):
    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder
        self.head = nn.Sequential(
            nn.Linear(encoder.dim, 256), nn.BatchNorm1d(256), nn.ReLU(), nn.Linear(256, 64)
        )
        self.register_buffer("last", torch.zeros(12, 64))

    def project(self, view):
        return self.head(self.encoder(view))

    def forward(self, view_a, view_b):
        z_a, z_b = self.project(view_a), self.project(view_b)
        loss = vicreg(z_a, z_b) + 0 * (z_a - self.last).sum()
        if self.training:
            self.last.copy_(z_a.detach())
        return loss

    def after_step(self, step, steps):
        pass
