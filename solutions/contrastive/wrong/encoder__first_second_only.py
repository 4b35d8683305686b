"""Clips are cut to their first 64 frames.

hint: encoder.end_unheard
"""


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.dim = 96
        self.net = nn.Sequential(
            nn.Conv1d(40, 64, 5, padding=2), nn.BatchNorm1d(64), nn.ReLU(), nn.Conv1d(64, 96, 3)
        )

    def forward(self, mel):
        return self.net(mel[:, :, :64]).mean(2)


class ProjectionHead(nn.Module):
    def __init__(self, in_dim, out_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(in_dim, 128), nn.ReLU(), nn.Linear(128, out_dim))

    def forward(self, x):
        return self.net(x)
