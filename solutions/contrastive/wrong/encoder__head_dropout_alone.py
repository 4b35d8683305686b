"""Between the two layers of the head there is dropout and no activation.

hint: encoder.head_linear
"""


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.dim = 64
        self.conv = nn.Sequential(nn.Conv1d(40, 64, 7, padding=3), nn.BatchNorm1d(64), nn.SiLU())

    def forward(self, mel):
        return self.conv(mel).amax(-1)


class ProjectionHead(nn.Sequential):
    def __init__(self, in_dim, out_dim=64):
        super().__init__(nn.Linear(in_dim, 256), nn.Dropout(0.2), nn.Linear(256, out_dim))
