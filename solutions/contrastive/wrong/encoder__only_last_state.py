"""Half of a bidirectional GRU is thrown away, its reverse half unused.

hint: encoder.dead_parameter
"""


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.forwards = nn.GRU(40, 96, batch_first=True)
        self.backwards = nn.GRU(40, 96, batch_first=True)
        self.dim = 96

    def forward(self, mel):
        x = mel.transpose(1, 2)
        ahead, _ = self.forwards(x)
        back, _ = self.forwards(x.flip(1))
        return ahead[:, -1] + back[:, -1]


class ProjectionHead(nn.Module):
    def __init__(self, in_dim, out_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(in_dim, 128), nn.ReLU(), nn.Linear(128, out_dim))

    def forward(self, x):
        return self.net(x)
