"""A layer takes part in clips of at most 100 frames only.

hint: encoder.sometimes_used
"""


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.dim = 64
        self.conv = nn.Conv1d(40, 64, 5, padding=2)
        self.out = nn.Linear(64, 64)
        self.refine = nn.Conv1d(64, 64, 3, padding=1)

    def forward(self, mel):
        x = F.relu(self.conv(mel))
        if x.shape[2] <= 100:
            x = x + F.relu(self.refine(x))
        return self.out(x.mean(2))


class ProjectionHead(nn.Module):
    def __init__(self, in_dim, out_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(in_dim, 96), nn.ReLU(), nn.Linear(96, out_dim))

    def forward(self, x):
        return self.net(x)
