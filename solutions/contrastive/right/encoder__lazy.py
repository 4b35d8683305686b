"""Lazy layers, which learn their sizes from the first batch."""


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.LazyConv1d(64, 3, stride=2),
            nn.LazyBatchNorm1d(),
            nn.ELU(),
            nn.LazyConv1d(96, 3, stride=2),
            nn.ELU(),
            nn.AdaptiveMaxPool1d(2),
            nn.Flatten(),
            nn.LazyLinear(100),
        )
        self.dim = 100

    def forward(self, mel):
        return self.net(mel)


class ProjectionHead(nn.Module):
    def __init__(self, in_dim, out_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.LazyLinear(64), nn.PReLU(), nn.LazyLinear(out_dim))

    def forward(self, x):
        return self.net(x)
