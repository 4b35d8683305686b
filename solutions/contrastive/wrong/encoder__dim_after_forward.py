"""The attribute dim is set when the first clip comes.

hint: encoder.dim_late
"""


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(40, 64, 5, padding=2)
        self.dim = None

    def forward(self, mel):
        z = F.relu(self.conv(mel)).mean(2)
        self.dim = z.shape[1]
        return z


class ProjectionHead(nn.Module):
    def __init__(self, in_dim, out_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(in_dim, 96), nn.ReLU(), nn.Linear(96, out_dim))

    def forward(self, x):
        return self.net(x)
