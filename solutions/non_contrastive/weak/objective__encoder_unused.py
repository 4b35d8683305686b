"""The head listens to the log-mels itself; the encoder is kept and never called.

hint: objective.not_better
"""


class Objective(nn.Module):
    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder
        self.head = nn.Sequential(nn.Linear(80, 256), nn.BatchNorm1d(256), nn.ReLU(), nn.Linear(256, 64))

    def project(self, view):
        return self.head(torch.cat([view.mean(2), view.std(2)], dim=1))

    def forward(self, view_a, view_b):
        return vicreg(self.project(view_a), self.project(view_b))

    def after_step(self, step, steps):
        pass
