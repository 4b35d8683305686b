"""The target moves at every call of forward, in eval mode too.

hint: objective.state_in_eval
"""

import copy


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
        self.target = copy.deepcopy(nn.Sequential(encoder, self.head)).requires_grad_(False)

    def project(self, view):
        return self.head(self.encoder(view))

    def forward(self, view_a, view_b):
        p_a, p_b = self.predictor(self.project(view_a)), self.predictor(self.project(view_b))
        ema_update(self.target, nn.Sequential(self.encoder, self.head), 0.95)
        with torch.no_grad():
            z_a, z_b = self.target(view_a), self.target(view_b)
        return siamese_loss(p_a, p_b, z_a, z_b)

    def after_step(self, step, steps):
        pass
