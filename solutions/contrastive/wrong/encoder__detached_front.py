"""The first layers are detached.

hint: encoder.dead_parameter
"""


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(40, 64, 3, 2, 1)
        self.out = nn.Linear(64, 96)
        self.dim = 96

    def forward(self, mel):
        return self.out(self.conv(mel).relu().mean(2).detach())


class ProjectionHead(nn.Module):
    def __init__(self, in_dim, out_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(in_dim, 128), nn.ReLU(), nn.Linear(128, out_dim))

    def forward(self, x):
        return self.net(x)
