"""The first layer is frozen.

hint: encoder.dead_parameter
calibrate: yes
"""


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Sequential(
            nn.Conv1d(40, 64, 3, 2, 1), nn.BatchNorm1d(64), nn.ReLU(), nn.Conv1d(64, 96, 3, 2, 1)
        )
        for parameter in self.conv[0].parameters():
            parameter.requires_grad = False
        self.dim = 96

    def forward(self, mel):
        return self.conv(mel).relu().mean(2)


class ProjectionHead(nn.Module):
    def __init__(self, in_dim, out_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(in_dim, 128), nn.ReLU(), nn.Linear(128, out_dim))

    def forward(self, x):
        return self.net(x)
