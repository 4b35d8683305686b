"""The head ends in an activation with a learned slope, without a bias before it.

hint: encoder.head_activation
"""


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.dim = 64
        self.conv = nn.Conv1d(40, 64, 5, padding=2)
        self.out = nn.Linear(64, 64)

    def forward(self, mel):
        return self.out(F.relu(self.conv(mel)).mean(2))


class ProjectionHead(nn.Module):
    def __init__(self, in_dim, out_dim=64):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(in_dim, 128),
            nn.ReLU(),
            nn.Linear(128, out_dim, bias=False),
            nn.PReLU(),
        )

    def forward(self, x):
        return self.net(x)
