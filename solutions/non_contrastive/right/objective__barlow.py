"""Barlow Twins with 128 dimensions behind a head of one hidden layer.

calibrate: 16
"""


class Objective(nn.Module):
    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder
        self.head = nn.Sequential(
            nn.Linear(encoder.dim, 256, bias=False),
            nn.BatchNorm1d(256),
            nn.ReLU(inplace=True),
            nn.Linear(256, 128, bias=False),
        )

    def project(self, view):
        return self.head(self.encoder(view))

    def forward(self, view_a, view_b):
        return barlow_twins(self.project(view_a), self.project(view_b), lambd=0.01)

    def after_step(self, step, steps):
        pass
