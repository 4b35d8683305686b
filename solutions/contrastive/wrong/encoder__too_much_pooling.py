"""Five poolings leave nothing of 16 frames.

hint: encoder.short_clips
"""


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        layers, before = [], 40
        for after in (48, 64, 80, 96, 112):
            layers += [nn.Conv1d(before, after, 3, padding=1), nn.ReLU(), nn.MaxPool1d(2)]
            before = after
        self.layers = nn.Sequential(*layers)
        self.dim = 112

    def forward(self, mel):
        return self.layers(mel).mean(2)


class ProjectionHead(nn.Module):
    def __init__(self, in_dim, out_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(in_dim, 128), nn.ReLU(), nn.Linear(128, out_dim))

    def forward(self, x):
        return self.net(x)
