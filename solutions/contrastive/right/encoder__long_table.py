"""A learned table of 2048 positions."""


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.dim = 48
        self.front = nn.Conv1d(40, 48, 4, stride=2, padding=1)
        self.place = nn.Parameter(0.02 * torch.randn(48, 2048))
        self.back = nn.Conv1d(48, 48, 5, padding=2, groups=6)

    def forward(self, mel):
        x = self.front(mel)
        x = F.gelu(self.back(x + self.place[:, : x.shape[2]]))
        return x.mean(2)


class ProjectionHead(nn.Module):
    def __init__(self, in_dim, out_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(in_dim, 96), nn.ReLU(), nn.Linear(96, out_dim))

    def forward(self, x):
        return self.net(x)
