"""Blocks are skipped at random while training."""


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.front = nn.Conv1d(40, 64, 3, padding=1)
        self.blocks = nn.ModuleList(
            nn.Sequential(nn.Conv1d(64, 64, 3, padding=1), nn.GroupNorm(1, 64), nn.ReLU())
            for _ in range(4)
        )

    @property
    def dim(self):
        return self.front.out_channels

    def forward(self, mel):
        x = self.front(mel)
        for block in self.blocks:
            if self.training and random.random() < 0.5:
                continue
            x = x + block(x)
        return x.amax(dim=-1)


class ProjectionHead(nn.Module):
    def __init__(self, in_dim, out_dim=64):
        super().__init__()
        self.skip = nn.Linear(in_dim, out_dim)
        self.deep = nn.Sequential(
            nn.Linear(in_dim, 64), nn.Hardswish(), nn.Linear(64, out_dim, bias=False)
        )

    def forward(self, x):
        return self.skip(x) + self.deep(x)
