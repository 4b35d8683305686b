"""The last normalisation of each residual branch begins at zero."""


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.dim = 96
        self.front = nn.Conv1d(40, 96, 3, padding=1)
        self.blocks = nn.ModuleList(
            nn.Sequential(
                nn.Conv1d(96, 96, 3, padding=1, bias=False),
                nn.BatchNorm1d(96),
                nn.ReLU(),
                nn.Conv1d(96, 96, 3, padding=1, bias=False),
                nn.BatchNorm1d(96),
            )
            for _ in range(2)
        )
        for block in self.blocks:
            nn.init.zeros_(block[-1].weight)

    def forward(self, mel):
        x = self.front(mel)
        for block in self.blocks:
            x = F.relu(x + block(x))
        return x.mean(2)


class ProjectionHead(nn.Module):
    def __init__(self, in_dim, out_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(in_dim, 96), nn.ReLU(), nn.Linear(96, out_dim))

    def forward(self, x):
        return self.net(x)
