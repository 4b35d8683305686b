"""SimSiam without the stopped gradient.

hint: objective.collapsed
"""


class Objective(nn.Module):
    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder
        self.head = nn.Sequential(
            nn.Linear(encoder.dim, 256), nn.BatchNorm1d(256), nn.ReLU(), nn.Linear(256, 64)
        )
        self.predictor = nn.Sequential(
            nn.Linear(64, 128), nn.BatchNorm1d(128), nn.ReLU(), nn.Linear(128, 64)
        )

    def project(self, view):
        return self.head(self.encoder(view))

    def forward(self, view_a, view_b):
        z_a, z_b = self.project(view_a), self.project(view_b)
        p_a, p_b = self.predictor(z_a), self.predictor(z_b)
        return -(F.cosine_similarity(p_a, z_b, dim=1) + F.cosine_similarity(p_b, z_a, dim=1)).mean() / 2

    def after_step(self, step, steps):
        pass
