"""Encoder is a class without nn.Module.

hint: encoder.not_a_module
"""


class Encoder:
    def __init__(self):
        self.layer = nn.Conv1d(40, 64, 3)
        self.dim = 64

    def __call__(self, mel):
        return self.layer(mel).relu().mean(2)


class ProjectionHead(nn.Module):
    def __init__(self, in_dim, out_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(in_dim, 128), nn.ReLU(), nn.Linear(128, out_dim))

    def forward(self, x):
        return self.net(x)
