"""A running mean moves in eval mode too.

hint: objective.state_in_eval
"""


class Objective(nn.Module):
    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder
        self.head = nn.Sequential(
            nn.Linear(encoder.dim, 256), nn.BatchNorm1d(256), nn.ReLU(), nn.Linear(256, 64)
        )
        self.register_buffer("mean", torch.zeros(64))

    def project(self, view):
        z = self.head(self.encoder(view))
        self.mean.lerp_(z.detach().mean(0), 0.1)
        return z

    def forward(self, view_a, view_b):
        return vicreg(self.project(view_a), self.project(view_b))

    def after_step(self, step, steps):
        pass
