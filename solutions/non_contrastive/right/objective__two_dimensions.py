"""VICReg of two dimensions: little to compare, and still enough for the encoder."""


class Objective(nn.Module):
    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder
        self.head = nn.Sequential(nn.Linear(encoder.dim, 256), nn.BatchNorm1d(256), nn.ReLU(), nn.Linear(256, 2))

    def project(self, view):
        return self.head(self.encoder(view))

    def forward(self, view_a, view_b):
        return vicreg(self.project(view_a), self.project(view_b))

    def after_step(self, step, steps):
        pass
