"""The loss hardly asks for agreement: invariance at a hundredth of its weight.

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
        return vicreg(self.project(view_a), self.project(view_b), sim=0.25)

    def after_step(self, step, steps):
        pass
