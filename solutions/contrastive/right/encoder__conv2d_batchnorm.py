"""2-D convolutions, batch normalisation, mean and maximum over time."""


def block(before, after, stride):
    return nn.Sequential(
        nn.Conv2d(before, after, 3, stride=stride, padding=1),
        nn.BatchNorm2d(after),
        nn.ReLU(inplace=True),
    )


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Sequential(block(1, 16, 2), block(16, 32, 2), block(32, 64, 2))
        self.dim = 128

    def forward(self, mel):
        x = self.conv(mel.unsqueeze(1)).mean(dim=2)
        return torch.cat([x.mean(dim=2), x.amax(dim=2)], dim=1)


class ProjectionHead(nn.Module):
    def __init__(self, in_dim, out_dim=64):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(in_dim, in_dim), nn.ReLU(), nn.Linear(in_dim, out_dim)
        )

    def forward(self, x):
        return self.layers(x)
