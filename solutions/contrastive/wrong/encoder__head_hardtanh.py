"""The head ends by cutting off what is beyond 1.

hint: encoder.head_activation
"""


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.dim = 64
        self.conv = nn.Sequential(nn.Conv1d(40, 64, 7, padding=3), nn.BatchNorm1d(64), nn.ELU())

    def forward(self, mel):
        return self.conv(mel).mean(-1)


class ProjectionHead(nn.Module):
    def __init__(self, in_dim, out_dim=64):
        super().__init__()
        self.first = nn.Linear(in_dim, 200)
        self.second = nn.Linear(200, out_dim)

    def forward(self, x):
        return self.second(self.first(x).relu()).clamp(-1, 1)
