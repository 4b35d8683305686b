"""The target is trained along with the online network.

hint: objective.pairs_not_compared
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
        self.target = copy.deepcopy(nn.Sequential(encoder, self.head))

    def project(self, view):
        return self.head(self.encoder(view))

    def forward(self, view_a, view_b):
        p_a, p_b = self.predictor(self.project(view_a)), self.predictor(self.project(view_b))
        z_a, z_b = self.target(view_a), self.target(view_b)
        return -(F.cosine_similarity(p_a, z_b, dim=1) + F.cosine_similarity(p_b, z_a, dim=1)).mean() / 2

    def after_step(self, step, steps):
        pass
