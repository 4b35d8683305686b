"""A wide layer takes the encoder over the limit.

hint: encoder.too_large
"""


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(40, 512, 3, stride=2, padding=1)
        self.wide = nn.Conv1d(512, 1024, 4, stride=2)
        self.dim = 1024

    def forward(self, mel):
        return self.wide(self.conv(mel).relu()).mean(2)


class ProjectionHead(nn.Module):
    def __init__(self, in_dim, out_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(in_dim, 128), nn.ReLU(), nn.Linear(128, out_dim))

    def forward(self, x):
        return self.net(x)
