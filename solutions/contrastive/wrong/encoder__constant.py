"""A softmax over an axis of length one.

hint: encoder.constant
calibrate: yes
"""


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(40, 64, 3, padding=1)
        self.dim = 64

    def forward(self, mel):
        pooled = F.adaptive_avg_pool1d(self.conv(mel).relu(), 1)
        return pooled.softmax(dim=2)[:, :, 0]


class ProjectionHead(nn.Module):
    def __init__(self, in_dim, out_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(in_dim, 128), nn.ReLU(), nn.Linear(128, out_dim))

    def forward(self, x):
        return self.net(x)
