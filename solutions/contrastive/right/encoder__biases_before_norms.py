"""Biases before normalisations, which cancel them."""


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.dim = 64
        self.net = nn.Sequential(
            nn.Conv1d(40, 64, 3, padding=1),
            nn.InstanceNorm1d(64),
            nn.ReLU(),
            nn.Conv1d(64, 64, 3, padding=1),
            nn.BatchNorm1d(64),
            nn.ReLU(),
        )

    def forward(self, mel):
        x = self.net(mel)
        return torch.cat([x[:, :32].mean(2), x[:, 32:].amax(2)], 1)


class ProjectionHead(nn.Module):
    def __init__(self, in_dim, out_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(in_dim, 96), nn.ReLU(), nn.Linear(96, out_dim))

    def forward(self, x):
        return self.net(x)
