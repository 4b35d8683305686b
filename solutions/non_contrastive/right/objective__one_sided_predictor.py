"""Only view a predicts, the sides drawn anew at every step; an average of the weights."""


class Objective(nn.Module):
    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder
        self.head = nn.Sequential(
            nn.Linear(encoder.dim, 192), nn.BatchNorm1d(192), nn.ReLU(), nn.Linear(192, 48),
            nn.BatchNorm1d(48),
        )
        self.predictor = nn.Sequential(
            nn.Linear(48, 96), nn.BatchNorm1d(96), nn.ReLU(), nn.Linear(96, 48)
        )

    def project(self, view):
        return self.head(self.encoder(view))

    def forward(self, view_a, view_b):
        if self.training and random.random() < 0.5:
            view_a, view_b = view_b, view_a
        guess = self.predictor(self.project(view_a))
        with torch.no_grad():
            aim = self.project(view_b)
        return -F.cosine_similarity(guess, aim, dim=1).mean()

    def after_step(self, step, steps):
        pass
