"""What instance normalisation has centred is averaged away.

hint: encoder.constant
"""


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Sequential(nn.Conv1d(40, 64, 3, padding=1), nn.ReLU())
        self.norm = nn.InstanceNorm1d(64)
        self.out = nn.Linear(64, 96)
        self.dim = 96

    def forward(self, mel):
        return self.out(self.norm(self.conv(mel)).mean(2))


class ProjectionHead(nn.Module):
    def __init__(self, in_dim, out_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(in_dim, 128), nn.ReLU(), nn.Linear(128, out_dim))

    def forward(self, x):
        return self.net(x)
