"""The gradient is held up between encoder and head but for a trace.

hint: objective.not_better
"""


class Objective(nn.Module):
    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder
        self.head = nn.Sequential(
            nn.Linear(encoder.dim, 256), nn.BatchNorm1d(256), nn.ReLU(), nn.Linear(256, 64)
        )

    def project(self, view):
        embedding = self.encoder(view)
        embedding = 1e-8 * embedding + (1 - 1e-8) * embedding.detach()
        return self.head(embedding)

    def forward(self, view_a, view_b):
        return vicreg(self.project(view_a), self.project(view_b))

    def after_step(self, step, steps):
        pass
