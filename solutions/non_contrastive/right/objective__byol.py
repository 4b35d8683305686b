"""BYOL with a deep copy as the target and a momentum that rises from 0.95.

calibrate: 16
"""

import copy


class Objective(nn.Module):
    def __init__(self, encoder):
        super().__init__()
        head = nn.Sequential(
            nn.Linear(encoder.dim, 256, bias=False), nn.BatchNorm1d(256), nn.ReLU(), nn.Linear(256, 64)
        )
        self.online = nn.Sequential(encoder, head)
        self.target = copy.deepcopy(self.online).requires_grad_(False)
        self.predictor = nn.Sequential(
            nn.Linear(64, 128, bias=False), nn.BatchNorm1d(128), nn.ReLU(), nn.Linear(128, 64)
        )

    def project(self, view):
        return self.online(view)

    def forward(self, view_a, view_b):
        p_a, p_b = self.predictor(self.online(view_a)), self.predictor(self.online(view_b))
        with torch.no_grad():
            z_a, z_b = self.target(view_a), self.target(view_b)
        return 4 + 4 * siamese_loss(p_a, p_b, z_a, z_b)

    def after_step(self, step, steps):
        ema_update(self.target, self.online, momentum_at(step, steps, start=0.95))
