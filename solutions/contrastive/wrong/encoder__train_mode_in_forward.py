"""Batch normalisation is always told that it is training.

hint: encoder.batch_mates
"""


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(40, 96, 3, 2, 1)
        self.norm = nn.BatchNorm1d(96)
        self.dim = 96

    def forward(self, mel):
        x = F.batch_norm(
            self.conv(mel), None, None, self.norm.weight, self.norm.bias, training=True
        )
        return x.relu().mean(2)


class ProjectionHead(nn.Module):
    def __init__(self, in_dim, out_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(in_dim, 128), nn.ReLU(), nn.Linear(128, out_dim))

    def forward(self, x):
        return self.net(x)
