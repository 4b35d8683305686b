"""The predictor is made by the first call of forward.

hint: objective.lazy
"""


class Objective(nn.Module):
    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder
        self.head = nn.Sequential(
            nn.Linear(encoder.dim, 256), nn.BatchNorm1d(256), nn.ReLU(), nn.Linear(256, 64)
        )
        self.predictor = None

    def project(self, view):
        return self.head(self.encoder(view))

    def forward(self, view_a, view_b):
        z_a, z_b = self.project(view_a), self.project(view_b)
        if self.predictor is None:
            self.predictor = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 64))
        return siamese_loss(self.predictor(z_a), self.predictor(z_b), z_a, z_b)

    def after_step(self, step, steps):
        pass
