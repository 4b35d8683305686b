"""Batch normalisation to the end, its gains of the residual branch at zero."""


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.dim = 64
        self.stem = nn.Conv2d(1, 24, (5, 3), stride=(4, 2), padding=(2, 1))
        self.branch = nn.Sequential(
            nn.BatchNorm2d(24), nn.ReLU(), nn.Conv2d(24, 24, 3, padding=1), nn.BatchNorm2d(24)
        )
        nn.init.zeros_(self.branch[-1].weight)
        self.out = nn.Linear(240, 64, bias=False)
        self.last = nn.BatchNorm1d(64)

    def forward(self, mel):
        x = self.stem(mel.unsqueeze(1))
        x = F.relu(x + self.branch(x))
        return self.last(self.out(x.amax(3).flatten(1)))


class ProjectionHead(nn.Module):
    def __init__(self, in_dim, out_dim=64):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(in_dim, in_dim, bias=False),
            nn.BatchNorm1d(in_dim),
            nn.ReLU(inplace=True),
            nn.Linear(in_dim, out_dim, bias=False),
            nn.BatchNorm1d(out_dim, affine=False),
        )

    def forward(self, x):
        return self.net(x)
