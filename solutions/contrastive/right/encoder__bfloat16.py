"""Works in bfloat16 inside and gives float32 back."""


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.front = nn.Conv1d(40, 96, 3, stride=2, padding=1)
        self.back = nn.Conv1d(96, 96, 3, stride=2, padding=1)
        self.dim = 192

    def forward(self, mel):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            x = F.relu(self.back(F.relu(self.front(mel))))
        return torch.cat([x.mean(2), x.amax(2)], dim=1).float()


class ProjectionHead(nn.Module):
    def __init__(self, in_dim, out_dim=64):
        super().__init__()
        self.net = nn.Sequential(
            nn.LayerNorm(in_dim),
            nn.Linear(in_dim, in_dim),
            nn.CELU(),
            nn.Linear(in_dim, out_dim),
            nn.Dropout(0.05),
        )

    def forward(self, x):
        return self.net(x)
