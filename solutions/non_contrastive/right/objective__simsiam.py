"""SimSiam with the batch normalisation of the paper at the end of the projector.

calibrate: 16
"""


class Objective(nn.Module):
    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder
        self.projector = nn.Sequential(
            nn.Linear(encoder.dim, 256, bias=False),
            nn.BatchNorm1d(256),
            nn.ReLU(),
            nn.Linear(256, 64, bias=False),
            nn.BatchNorm1d(64, affine=False),
        )
        self.predictor = nn.Sequential(
            nn.Linear(64, 32, bias=False), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 64)
        )

    def project(self, view):
        return self.projector(self.encoder(view))

    def forward(self, view_a, view_b):
        z_a, z_b = self.project(view_a), self.project(view_b)
        return siamese_loss(self.predictor(z_a), self.predictor(z_b), z_a, z_b)

    def after_step(self, step, steps):
        pass
