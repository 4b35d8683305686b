"""The encoder is called under no_grad.

hint: objective.no_gradient
"""


class Objective(nn.Module):
    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder
        self.head = nn.Sequential(
            nn.Linear(encoder.dim, 256), nn.BatchNorm1d(256), nn.ReLU(), nn.Linear(256, 64)
        )

    def project(self, view):
        with torch.no_grad():
            embedding = self.encoder(view)
        return self.head(embedding)

    def forward(self, view_a, view_b):
        return vicreg(self.project(view_a), self.project(view_b))

    def after_step(self, step, steps):
        pass
