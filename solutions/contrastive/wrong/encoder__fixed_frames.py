"""Flattened into a linear layer, which fits 48 frames alone.

hint: encoder.fixed_frames
"""


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Sequential(
            nn.Conv1d(40, 64, 3, 2, 1), nn.ReLU(), nn.Conv1d(64, 64, 3, 2, 1), nn.ReLU()
        )
        self.out = nn.Linear(64 * 12, 128)
        self.dim = 128

    def forward(self, mel):
        return self.out(self.conv(mel).flatten(1))


class ProjectionHead(nn.Module):
    def __init__(self, in_dim, out_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(in_dim, 128), nn.ReLU(), nn.Linear(128, out_dim))

    def forward(self, x):
        return self.net(x)
