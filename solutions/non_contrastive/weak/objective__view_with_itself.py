"""The first view is compared with itself.

hint: objective.pairs_not_compared
"""


class Objective(nn.Module):
    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder
        self.head = nn.Sequential(
            nn.Linear(encoder.dim, 256), nn.BatchNorm1d(256), nn.ReLU(), nn.Linear(256, 64)
        )

    def project(self, view):
        return self.head(self.encoder(view))

    def forward(self, view_a, view_b):
        z = self.project(view_a)
        return vicreg(z, z)

    def after_step(self, step, steps):
        pass
