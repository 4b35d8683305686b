"""Embeddings are rounded.

hint: encoder.zero_gradient
"""


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.dim = 64
        self.conv = nn.Conv1d(40, 64, 5, padding=2)
        self.out = nn.Linear(64, 64)

    def forward(self, mel):
        return (self.out(F.gelu(self.conv(mel)).mean(2)) * 50).round() / 50


class ProjectionHead(nn.Module):
    def __init__(self, in_dim, out_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(in_dim, 96), nn.ReLU(), nn.Linear(96, out_dim))

    def forward(self, x):
        return self.net(x)
